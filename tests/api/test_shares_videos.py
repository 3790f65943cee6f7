"""Which videos a share plays: those of the organization, on its page and through its files."""

from uuid import UUID

import pytest

from playout.core.permissions import Role
from tests.helpers.tenants import bearer
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store

CHANNELS = ("DEV", "STAGING", "PROD")


@pytest.fixture
def landing(web, tenant) -> Landing:
    return Landing(web, tenant.headers)


@pytest.fixture
def make(web, tenant, make_video):
    """Enters a video that plays from an address of its own, published with that visibility."""

    def make(name: str, visibility: str | None = None, key: str = "") -> dict[str, object]:
        key = key or tenant.key
        video = make_video(key, external_url=f"https://cdn.example.com/{name}.mp4")
        if visibility:
            path = f"/api/v1/videos/{video['id']}/publish/"
            answer = web.post(path, json={"visibility": visibility}, headers=bearer(key))
            assert answer.status_code == 200, answer.text
        return video

    return make


@pytest.fixture
def plays(landing):
    """Which of the videos the page of a channel plays; "" while it plays none."""

    def plays(channel: str, **fields: object) -> str:
        share = landing.put(channel, **fields)
        if landing.web.get(f"/s/{share['slug']}").status_code == 404:
            return ""
        return landing.source(share).rpartition("/")[2].removesuffix(".mp4")

    return plays


class TestOfTheOrganization:
    @pytest.mark.parametrize("channel", CHANNELS)
    @pytest.mark.parametrize("visibility", [None, "private", "public"])
    def test_a_sub_accounts_video_is_never_played(self, make, plays, tenant, channel, visibility):
        make("ours", "public")
        make("customers", visibility, tenant.sub_account_key())
        assert plays(channel) == "ours"

    @pytest.mark.parametrize("channel", CHANNELS)
    def test_a_sub_accounts_video_alone_is_no_video(self, make, plays, tenant, channel):
        make("customers", "public", tenant.sub_account_key())
        assert plays(channel) == ""

    @pytest.mark.parametrize("channel", CHANNELS)
    def test_a_sub_accounts_video_cannot_be_pinned(self, web, make, landing, tenant, channel):
        video = make("customers", "public", tenant.sub_account_key())
        share = landing.put(channel)
        path = f"/api/Projects/{share['projectId']}/public-video-shares/{channel}"
        body = {"publicTitle": "Pinned", "videoId": video["uid"]}
        answer = web.put(path, json=body, headers=tenant.headers)
        assert answer.status_code == 400
        assert "videoId" in answer.json()["errors"]


class TestVisibility:
    @pytest.mark.parametrize("visibility", ["private", "team", "org"])
    def test_prod_plays_only_what_is_public(self, make, plays, visibility):
        make("everybodys", "public")
        make("internal", visibility)
        make("draft")
        assert plays("PROD") == "everybodys"

    @pytest.mark.parametrize("channel", ["DEV", "STAGING"])
    @pytest.mark.parametrize("visibility", [None, "private", "public"])
    def test_the_others_play_the_newest_draft_or_not(self, make, plays, channel, visibility):
        make("older", "public")
        make("newest", visibility)
        assert plays(channel) == "newest"

    @pytest.mark.parametrize("channel", CHANNELS)
    def test_a_share_may_be_pinned_to_a_private_video(self, make, plays, channel):
        pinned = make("pinned", "private")
        make("newest", "public")
        assert plays(channel, videoId=pinned["uid"]) == "pinned"

    def test_prod_does_not_play_a_pinned_draft(self, make, plays):
        pinned = make("pinned")
        assert plays("PROD", videoId=pinned["uid"]) == ""


class TestFiles:
    @pytest.fixture
    def stored(self, web, tenant, runtime, tmp_path) -> dict[str, object]:
        """A draft with a file of Playout's own."""
        body = {"title": "Stored", "workspace": tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(video["uid"]), tmp_path / "file")
        return video

    def test_they_stop_when_the_share_plays_a_newer_video(self, web, make, landing, stored):
        share = landing.put("DEV")
        address = landing.source(share)
        make("newer")
        assert landing.source(share) != address
        assert web.get(address).status_code == 404

    def test_they_stop_when_the_share_is_pinned_to_another(self, web, make, landing, stored):
        address = landing.source(landing.put("DEV"))
        assert web.get(address).status_code == 200
        landing.put("DEV", videoId=make("other")["uid"])
        assert web.get(address).status_code == 404

    def test_they_stop_when_the_video_leaves_the_project(self, web, landing, stored, tenant):
        address = landing.source(landing.put("DEV"))
        made = landing.post("/api/Projects", {"name": "Elsewhere"})
        spaces = web.get("/api/v1/workspaces/", headers=tenant.headers).json()["results"]
        other = next(each["id"] for each in spaces if each["name"] == made["name"])
        path = f"/api/v1/videos/{stored['id']}/"
        moved = web.patch(path, json={"workspace": other}, headers=tenant.headers)
        assert moved.status_code == 200
        assert web.get(address).status_code == 404

    def test_of_a_pinned_private_video_they_play_on_prod(self, web, landing, stored, tenant):
        path = f"/api/v1/videos/{stored['id']}/publish/"
        body = {"visibility": "private"}
        assert web.post(path, json=body, headers=tenant.headers).status_code == 200
        address = landing.source(landing.put("PROD", videoId=stored["uid"]))
        assert web.get(address).status_code == 200
        landing.put("PROD")
        assert web.get(address).status_code == 404


class TestAudit:
    def test_is_for_who_may_change_the_share(self, web, landing, tenant):
        share = landing.put("DEV")
        path = f"/api/Projects/{share['projectId']}/public-video-shares/DEV/audit"
        for role, status in (
            (Role.VIEWER, 403),
            (Role.DEVELOPER, 403),
            (Role.PROJECT_MANAGER, 200),
        ):
            assert web.get(path, headers=bearer(tenant.keys[role])).status_code == status
