"""The disk of the storage is full: it is said, nothing is left behind, and the rest goes on."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.faults.helpers.disks import left_on, make_room, needs_mounts, on_small_disk
from tests.helpers.live import EXTERNAL, Founded, Live, create_video, publish, settled, upload

pytestmark = [needs_mounts, pytest.mark.slow]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with on_small_disk(tmp_path_factory.mktemp("full"), "files", 128, 120) as live:
        yield live


@pytest.fixture(scope="module")
def client(live: Live, acme: Founded) -> Iterator[httpx2.Client]:
    with live.client(acme.key) as client:
        yield client


@pytest.fixture(scope="module")
def video(client: httpx2.Client, acme: Founded) -> dict[str, object]:
    return create_video(client, acme.project)


@pytest.fixture(scope="module")
def refused(client: httpx2.Client, video: dict[str, int], clip: Path) -> httpx2.Response:
    return upload(client, video["id"], clip)


class TestStorageFull:
    def test_an_upload_is_answered_507_as_a_problem(self, refused: httpx2.Response) -> None:
        assert refused.status_code == 507
        assert refused.headers["content-type"] == "application/problem+json"
        problem = refused.json()
        assert (problem["status"], problem["code"]) == (507, "storage_full")
        assert problem["title"] == "Insufficient Storage"
        assert problem["detail"].endswith(".")

    def test_nothing_is_left_of_the_file(self, live: Live, refused: httpx2.Response) -> None:
        assert left_on(live, "files") == []

    def test_health_tells_that_the_disk_has_no_room(
        self, live: Live, refused: httpx2.Response
    ) -> None:
        report = httpx2.get(f"{live.url}/readyz").json()
        assert report["status"] != "ok"
        not_well = {name for name, part in report["parts"].items() if not part["ok"]}
        assert "disk" in not_well

    def test_the_video_still_waits_for_its_source(
        self, client: httpx2.Client, video: dict[str, int], refused: httpx2.Response
    ) -> None:
        told = client.get(f"/api/v1/videos/{video['id']}/").json()
        assert (told["status"], told["failure_reason"]) == ("not_started", None)

    def test_other_requests_go_on(
        self, client: httpx2.Client, acme: Founded, refused: httpx2.Response
    ) -> None:
        other = create_video(client, acme.project, external_url=EXTERNAL)
        page = publish(client, str(other["session_id"]))["page_url"]
        assert httpx2.get(page).status_code == 200

    def test_the_same_upload_works_once_there_is_room(
        self,
        live: Live,
        client: httpx2.Client,
        video: dict[str, int],
        clip: Path,
        refused: httpx2.Response,
    ) -> None:
        make_room(live, "files")
        assert upload(client, video["id"], clip).status_code == 200
        done = settled(client, video["id"])
        assert (done["status"], done["failure_reason"]) == ("completed", None)
