"""The files of the video of a share: they are available while the share is enabled."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from playout.transcode.names import MP4, POSTER
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store


@pytest.fixture
def landing(web, tenant) -> Landing:
    return Landing(web, tenant.headers)


@pytest.fixture
def make_stored(web, tenant, runtime, tmp_path):
    """Create a draft whose file is in storage, as a worker would have stored it."""

    def make(title: str = "Stored") -> dict[str, object]:
        body = {"title": title, "workspace": tenant.project_id}
        made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(made["uid"]), tmp_path / "file")
        return made

    return make


class TestFiles:
    def test_a_draft_plays_through_the_share(self, web, landing, make_stored):
        make_stored()
        address = landing.source(landing.put())
        answer = web.get(address, headers={"Range": "bytes=2-4"})
        assert (answer.status_code, answer.content) == (206, b"234")
        assert web.get(address.partition("?")[0]).status_code == 404

    @pytest.mark.parametrize(
        "stop",
        [
            lambda landing, share: landing.act(share, "disable"),
            lambda landing, share: landing.act(share, "rotate-slug"),
            lambda landing, share: landing.archive(share),
        ],
        ids=["disabled", "rotated", "archived"],
    )
    def test_they_are_not_found_when_the_share_stops(self, web, landing, make_stored, stop):
        make_stored()
        share = landing.put()
        address = landing.source(share)
        poster = address.replace(MP4, POSTER)
        assert [web.get(each).status_code for each in (address, poster)] == [200, 200]
        stop(landing, share)
        assert [web.get(each).status_code for each in (address, poster)] == [404, 404]

    def test_they_are_not_found_when_the_credential_is_revoked(self, web, landing, make_stored):
        make_stored()
        project = {"projectId": landing.put()["projectId"]}
        credential = landing.post("/api/credentials", project)["id"]
        address = landing.source(landing.put(apiCredentialId=credential))
        assert web.get(address).status_code == 200
        landing.post(f"/api/credentials/{credential}/revoke")
        assert web.get(address).status_code == 404

    def test_they_are_available_again_when_the_share_is_restored(self, web, landing, make_stored):
        make_stored()
        share = landing.put()
        address = landing.source(share)
        landing.act(share, "disable")
        landing.act(share, "restore")
        assert web.get(address).status_code == 200


class TestGrants:
    def test_a_grant_of_a_manager_remains_valid_without_the_share(
        self, web, landing, make_stored, tenant
    ):
        video = make_stored()
        share = landing.put()
        detail = web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()
        landing.act(share, "disable")
        assert web.get(detail["video"]).status_code == 200

    def test_a_grant_of_one_share_is_not_valid_for_another(self, web, landing, make_stored):
        make_stored()
        share, other = landing.put("DEV"), landing.put("STAGING")
        address = landing.source(share)
        assert web.get(address).status_code == 200
        assert web.get(address.replace(share["slug"], other["slug"])).status_code == 404
        assert web.get(address.removesuffix(f".{share['slug']}")).status_code == 404

    def test_the_page_has_a_new_grant_on_the_next_day(self, landing, make_stored, monkeypatch):
        make_stored()
        share = landing.put()
        today = landing.source(share)
        tomorrow = datetime.now().astimezone() + timedelta(days=1)
        for module in ("memory", "routes", "landing.shares"):
            monkeypatch.setattr(f"playout.pages.{module}.utcnow", lambda: tomorrow)
        assert landing.source(share) != today
