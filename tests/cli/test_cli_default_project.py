"""A key with a default project: that of requests that name no project."""

import pytest

from tests.helpers.live import Founded, Live

pytestmark = pytest.mark.slow

NEW = ("keys", "create", "--name", "Importer", "--role", "Developer", "--default-project")


class TestDefaultProject:
    def test_productions_without_a_property_belong_to_it(self, live: Live, acme: Founded) -> None:
        with live.client(acme.key) as client:
            client.post("/api/Projects", json={"name": "Imported"}).raise_for_status()
            [_, second] = client.get("/api/v1/workspaces/").json()["results"]
        mine = ("--organization", acme.organization)
        key = live.told(*NEW, str(second["id"]), *mine)
        with live.client(key["key"]) as client:
            answer = client.post("/productions", json=[{"name": "An import"}])
        assert answer.json()["data"][0]["property"] == str(second["id"])

    def test_a_project_of_another_organization_is_an_error(self, live: Live, acme: Founded) -> None:
        other = live.found("Others")
        done = live.run(*NEW, str(acme.project), "--organization", other.organization)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == "Error: Unknown project.\n"
