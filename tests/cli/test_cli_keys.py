"""Commands for organizations, members and keys, with and without a running server."""

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
    """A data folder with a running server."""
    with serving(tmp_path_factory.mktemp("cli")) as live:
        yield live


@pytest.fixture(scope="module")
def told(folder: Live) -> dict[str, dict[str, Any]]:
    """The JSON of commands that create an organization, and create, list and revoke a key."""
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
    def test_prints_id_key_organization_and_project(self, told: dict[str, Any]) -> None:
        organization = told["organization"]
        assert list(organization) == ["id", "key", "organization", "project"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", organization["id"])
        assert SECRET.fullmatch(organization["key"])
        assert organization["organization"] == "acme-studios"
        assert isinstance(organization["project"], int)

    def test_a_second_one_with_the_same_name_is_an_error(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        done = folder.run("organizations", "create", "Acme  studios")
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == "Error: There is an organization 'acme-studios' already.\n"


class TestKeysCreate:
    def test_prints_id_key_organization_and_project(self, told: dict[str, Any]) -> None:
        key = told["key"]
        assert list(key) == ["id", "key", "organization", "project"]
        assert isinstance(key["id"], int)
        assert SECRET.fullmatch(key["key"])
        assert key["organization"] == "acme-studios"
        assert key["project"] == told["organization"]["project"]

    def test_without_json_the_secret_is_printed_once(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        done = folder.run("keys", "create", "--name", "Spare", "--role", "Viewer")
        assert done.returncode == 0, done.stderr
        assert len(SECRET.findall(done.stdout)) == 1
        assert SECRET.search(done.stderr) is None


class TestKeysList:
    def test_lists_newest_first_with_roles(self, told: dict[str, Any]) -> None:
        rows = told["before"]["keys"]
        assert [(row["name"], row["role"]) for row in rows] == [
            ("Upload robot", "Developer"),
            ("First key", "OrganizationAdmin"),
        ]
        assert rows[0]["id"] == told["key"]["id"]
        assert rows[0]["revoked_at"] is None

    def test_shows_only_the_last_characters_of_a_secret(
        self, folder: Live, told: dict[str, Any]
    ) -> None:
        assert told["before"]["keys"][0]["hint"] == told["key"]["key"][-4:]
        table = folder.run("keys", "list")
        assert table.returncode == 0, table.stderr
        assert SECRET.search(json.dumps([told["before"], told["after"]])) is None
        assert SECRET.search(table.stdout + table.stderr) is None


class TestKeysRevoke:
    def test_prints_the_time_and_keeps_the_key_in_the_list(self, told: dict[str, Any]) -> None:
        assert told["revoked"]["id"] == told["key"]["id"]
        assert told["revoked"]["revoked_at"] is not None
        kept = {row["id"]: row["revoked_at"] for row in told["after"]["keys"]}
        assert kept[told["key"]["id"]] == told["revoked"]["revoked_at"]

    def test_an_unknown_key_is_an_error(self, folder: Live, told: dict[str, Any]) -> None:
        done = folder.run("keys", "revoke", "987654")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "Error: There is no such key.\n"


class TestUsersRemove:
    def test_a_member_is_removed_once(self, folder: Live, told: dict[str, Any]) -> None:
        folder.told("users", "add", "ada@example.com", "--role", "Viewer")
        ended = folder.told("users", "remove", "ada@example.com")
        assert ended == {"email": "ada@example.com", "organization": "acme-studios"}
        again = folder.run("users", "remove", "ada@example.com")
        assert (again.returncode, again.stderr) == (1, "Error: There is no such member.\n")
