"""Those who only read are shown by every API what they may watch."""

from secrets import token_hex

import pytest

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.helpers.tenants import EXTERNAL, bearer

HIDDEN = {"private"}


@pytest.fixture(params=["public", "org", "team", "private", "draft"])
def video(request, web, tenant, make_video):
    """One that is out for some, or a draft."""
    if request.param == "draft":
        return make_video() | {"of": "draft"}
    made = make_video(visibility=request.param)
    web.post(f"/api/v1/videos/{made['id']}/publish/", headers=tenant.headers)
    return made | {"of": request.param}


def told(web, video, key: str) -> set[str]:
    """Where the key is told of the video."""
    headers = bearer(key)
    videos = web.get("/api/v1/videos/", headers=headers).json()
    assert videos["count"] == len(videos["results"])
    productions = web.get("/productions", headers=headers).json()["data"]
    sessions = web.get("/v1/video/list_completed_video_sessions", headers=headers).json()
    places = {
        "videos": videos["results"],
        "production list": productions,
        "sessions": sessions,
        "video": web.get(f"/api/v1/videos/{video['id']}/", headers=headers).is_success,
        "production": web.get(f"/productions/{video['id']}", headers=headers).is_success,
    }
    return {name for name, found in places.items() if found}


EVERYWHERE = {"videos", "production list", "sessions", "video", "production"}


class TestVisibility:
    def test_a_viewer_is_told_of_what_they_may_watch_and_of_drafts(self, web, tenant, video):
        seen = told(web, video, tenant.keys[Role.VIEWER])
        assert seen == (set() if video["of"] in HIDDEN else EVERYWHERE)

    @pytest.mark.parametrize("role", [Role.DEVELOPER, Role.PROJECT_MANAGER])
    def test_who_may_change_it_is_told_of_all(self, web, tenant, video, role):
        assert told(web, video, tenant.keys[role]) == EVERYWHERE

    def test_an_owner_who_may_only_read_by_now_is_told_of_their_own(self, web, runtime, tenant):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = accounts.add_member(
                unit,
                tenant.organization,
                f"{token_hex(8)}@example.com",
                "Ada",
                Role.PROJECT_MANAGER,
            )
            _, key = accounts.create_key(
                unit, runtime.signer, tenant.organization, "Token", user=user
            )
        body = {"title": "Mine", "workspace": tenant.project_id, "external_url": EXTERNAL}
        mine = web.post("/api/v1/videos/", json=body, headers=bearer(key)).json()
        assert web.post(f"/api/v1/videos/{mine['id']}/publish/", headers=bearer(key)).is_success
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.add_member(unit, tenant.organization, user.email, "Ada", Role.VIEWER)
        assert told(web, mine, key) == EVERYWHERE
        assert told(web, mine, tenant.keys[Role.VIEWER]) == set()
