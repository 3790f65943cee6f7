"""Organizations and keys from the command line, with a server on the data folder and without."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.helpers.live import Live, serving

pytestmark = pytest.mark.slow

SECRET = re.compile(r"(?:app|sub|usr)\.v1\.[\w-]{32}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A data folder with a server on it."""
    with serving(tmp_path_factory.mktemp("cli")) as live:
        yield live


@pytest.fixture(scope="module")
def told(folder: Live) -> dict[str, dict[str, Any]]:
    """What an operator is told who founds an organization and makes, lists and revokes a key."""
    acme = folder.told("organizations", "create", "Acme Studios")
    named = ("--organization", "acme-studios", "--name", "Upload robot", "--role", "Developer")
    robot = folder.told("keys", "create", *named)
    before = folder.told("keys", "list", "--organization", "acme-studios")
    revoked = folder.told("keys", "revoke", str(robot["id"]))
    after = folder.told("keys", "list")
    return {
        "organization": acme,
        "key": robot,
        "before": before,
        "revoked": revoked,
        "after": after,
    }


class TestWithoutServer:
    def test_commands_work_on_the_folder_and_leave_no_database_running(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = Live(tmp_path_factory.mktemp("alone") / "data")
        assert SECRET.fullmatch(folder.found("Acme Studios").key)
        key = folder.told("keys", "create", "--name", "Robot", "--role", "Developer")
        assert folder.told("keys", "list")["keys"][0]["id"] == key["id"]
        assert folder.postgres_processes() == []


class TestOrganizationsCreate:
    def test_tells_id_key_organization_and_project(self, told: dict[str, Any]) -> None:
        organization = told["organization"]
        assert list(organization) == ["id", "key", "organization", "project"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", organization["id"])
        assert SECRET.fullmatch(organization["key"])
        assert organization["organization"] == "acme-studios"
        assert isinstance(organization["project"], int)

    def test_a_second_one_of_the_same_name_is_refused_in_a_sentence(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        done = folder.run("organizations", "create", "Acme  studios")
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == "Error: There is an organization 'acme-studios' already.\n"


class TestKeysCreate:
    def test_tells_id_key_organization_and_project(self, told: dict[str, Any]) -> None:
        key = told["key"]
        assert list(key) == ["id", "key", "organization", "project"]
        assert isinstance(key["id"], int)
        assert SECRET.fullmatch(key["key"])
        assert key["organization"] == "acme-studios"
        assert key["project"] == told["organization"]["project"]

    def test_without_json_the_secret_stands_once_in_what_is_printed(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        done = folder.run("keys", "create", "--name", "Spare", "--role", "Viewer")
        assert done.returncode == 0, done.stderr
        assert len(SECRET.findall(done.stdout)) == 1
        assert SECRET.search(done.stderr) is None


class TestKeysList:
    def test_lists_newest_first_and_what_each_may_do(self, told: dict[str, Any]) -> None:
        rows = told["before"]["keys"]
        assert [(row["name"], row["role"]) for row in rows] == [
            ("Upload robot", "Developer"),
            ("First key", "OrganizationAdmin"),
        ]
        assert rows[0]["id"] == told["key"]["id"]
        assert rows[0]["revoked_at"] is None

    def test_never_shows_a_secret_but_its_last_characters(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        assert told["before"]["keys"][0]["hint"] == told["key"]["key"][-4:]
        table = folder.run("keys", "list")
        assert table.returncode == 0, table.stderr
        assert SECRET.search(json.dumps([told["before"], told["after"]])) is None
        assert SECRET.search(table.stdout + table.stderr) is None


class TestKeysRevoke:
    def test_tells_when_and_keeps_the_key_in_the_list(self, told: dict[str, Any]) -> None:
        assert told["revoked"]["id"] == told["key"]["id"]
        assert told["revoked"]["revoked_at"] is not None
        kept = {row["id"]: row["revoked_at"] for row in told["after"]["keys"]}
        assert kept[told["key"]["id"]] == told["revoked"]["revoked_at"]

    def test_a_key_that_is_not_there_is_a_sentence(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        done = folder.run("keys", "revoke", "987654")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "Error: There is no such key.\n"


class TestUsersRemove:
    def test_ends_a_membership_once(self, folder: Live, told: dict[str, Any]) -> None:
        folder.told("users", "add", "ada@example.com", "--role", "Viewer")
        ended = folder.told("users", "remove", "ada@example.com")
        assert ended == {"email": "ada@example.com", "organization": "acme-studios"}
        again = folder.run("users", "remove", "ada@example.com")
        assert (again.returncode, again.stderr) == (1, "Error: There is no such member.\n")
