"""Who may change what the public sees: every route that changes a video, where it is published.

For drafts the tables hold as they are: `test_authorization` and `test_authorization_granted`.
"""

from base64 import b64encode

import pytest

from tests.api.helpers.authorization import DEVELOPER, MANAGER, Rule
from tests.api.helpers.authorization_stage import Stage, set_up
from tests.api.helpers.authorization_tables import RULES, call, named_by
from tests.api.helpers.snapshots import snapshot
from tests.api.helpers.things import PublishedThings, filled
from tests.api.helpers.tools import bearer, ledger

pytestmark = pytest.mark.slow

OF_A_VIDEO = ("{video_id}", "{production_id}", "{session_id}", "{sessionId}", "{upload_id}")
READS = ("GET", "HEAD")
ROUTES = tuple(route for route, rule in RULES.items() if rule.published)
FOR_PUBLISHERS = [route for route in ROUTES if RULES[route].published is MANAGER]
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "8"}


@pytest.fixture(scope="module")
def stage(web, runtime) -> Stage:
    return set_up(web, runtime)


@pytest.fixture(scope="module")
def untouched(web, stage) -> PublishedThings:
    return PublishedThings(web, stage.tenant, stage.things.headers)


def changes_a_video(route: tuple[str, str], rule: Rule) -> bool:
    """Whether the route names a video and writes."""
    named = any(name in f"{route[1]} {rule.body}" for name in OF_A_VIDEO)
    return named and route[0] not in READS and not route[1].endswith("by-url/")


class TestEveryRouteThatChangesAVideo:
    def test_says_who_may_change_a_published_one(self):
        assert set(ROUTES) == {each for each, rule in RULES.items() if changes_a_video(each, rule)}

    @pytest.mark.parametrize("route", FOR_PUBLISHERS, ids=" ".join)
    def test_refuses_a_developer_where_it_is_published(self, web, runtime, stage, untouched, route):
        named_by(route, untouched)  # so that all of it is there
        before = snapshot(stage.tenant)
        answer = call(web, route, untouched, stage.headers[DEVELOPER])
        assert answer.status_code == 403, answer.text
        assert snapshot(stage.tenant) == before
        denials = ledger(runtime, request_id=answer.headers["x-request-id"], event="access.denied")
        assert len(denials) == 1

    @pytest.mark.parametrize("route", ROUTES, ids=" ".join)
    def test_lets_in_who_may_publish(self, web, stage, route):
        things = PublishedThings(web, stage.tenant, stage.things.headers)
        answer = call(web, route, things, stage.headers[RULES[route].published])
        assert answer.status_code == RULES[route].ok, answer.text


FIELDS = [
    {"visibility": "private"},
    {"title": "Taken over"},
    {"external_url": "https://elsewhere.example.com/v.mp4"},
    {"source_url": "https://elsewhere.example.com/v.mp4"},
    {"tags": ["{tags}"]},
    {"cover_image": "https://elsewhere.example.com/p.jpg"},
    {"workspace": "{workspace_id}"},
]


class TestFields:
    @pytest.mark.parametrize("fields", FIELDS, ids=str)
    def test_a_developer_changes_none_of_a_published_video(self, web, stage, untouched, fields):
        body, headers = filled(fields, untouched), stage.headers[DEVELOPER]
        path = f"/api/v1/videos/{untouched['video_id']}/"
        answer = web.patch(path, json=body, headers=headers)
        assert answer.status_code == 403
        assert "videos:publish" in answer.json()["detail"]

    @pytest.mark.parametrize("fields", FIELDS, ids=str)
    def test_a_developer_changes_all_of_a_draft(self, web, stage, fields):
        video = stage.things._video()
        body, headers = filled(fields, stage.things), stage.headers[DEVELOPER]
        answer = web.patch(f"/api/v1/videos/{video['id']}/", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def test_a_draft_that_a_share_plays_is_a_draft(self, web, stage, make_video, tenant):
        video, share = make_video(), "/api/Projects/{}/public-video-shares/STAGING"
        project = web.get("/api/Projects", headers=tenant.headers).json()[0]["id"]
        body = {"publicTitle": "Staging", "videoId": video["uid"]}
        assert web.put(share.format(project), json=body, headers=tenant.headers).is_success
        headers = bearer(tenant.keys[DEVELOPER])
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json={"title": "Draft"}, headers=headers).status_code == 200


class TestUploads:
    def test_none_is_created_for_a_published_video(self, web, stage, untouched):
        said = f"video {b64encode(str(untouched['video_id']).encode()).decode()}"
        headers = TUS | {"Upload-Metadata": said}
        refused = web.post("/uploads/", headers=headers | stage.headers[DEVELOPER])
        assert refused.status_code == 403
        assert web.post("/uploads/", headers=headers | stage.headers[MANAGER]).status_code == 201

    def test_one_that_began_for_a_draft_does_not_change_it_once_published(self, web, stage):
        things = stage.things
        video = things._video()
        said = f"video {b64encode(str(video['id']).encode()).decode()}"
        begun = web.post(
            "/uploads/", headers=TUS | {"Upload-Metadata": said} | stage.headers[DEVELOPER]
        )
        path = f"/api/v1/videos/{video['id']}/"
        assert web.post(f"{path}publish/", headers=things.headers).status_code == 200
        rest = {
            "Tus-Resumable": "1.0.0",
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
        }
        answer = web.patch(
            begun.headers["location"], content=b"no video", headers=rest | stage.headers[DEVELOPER]
        )
        assert answer.status_code == 403
        after = web.get(path, headers=things.headers).json()
        assert (after["status"], after["external_url"]) == ("completed", video["external_url"])


class TestTags:
    @pytest.mark.parametrize("published", [False, True])
    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_those_of_published_videos_are_changed_by_who_may_publish(
        self, web, stage, method, published
    ):
        things = stage.things
        tag = things._tags()
        video = things._video()
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json={"tags": [tag]}, headers=things.headers).status_code == 200
        if published:
            assert web.post(f"{path}publish/", headers=things.headers).status_code == 200
        body = {"name": things["new_name"]} if method == "PATCH" else None
        address = f"/api/v1/tags/{tag}/"
        refused = web.request(method, address, json=body, headers=stage.headers[DEVELOPER])
        assert (refused.status_code == 403) is published, refused.text
        if published:
            answer = web.request(method, address, json=body, headers=stage.headers[MANAGER])
            assert answer.is_success, answer.text
