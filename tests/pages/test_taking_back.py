"""Every way to take back an address ends it within a second, in another process too."""

import time

import pytest
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.main import running
from playout.settings import Settings
from playout.web import application
from tests.helpers.tenants import bearer
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import BYTES
from tests.pages.helpers.taking_back import WAYS, Stage

SECOND = 1.0


@pytest.fixture(scope="module")
def elsewhere(runtime, tmp_path_factory):
    """The web application of a second process: another runtime over the same database."""
    url = runtime.database.engine.url.render_as_string(hide_password=False)
    settings = Settings(
        data_dir=runtime.settings.data_dir,
        database_url=url.replace("postgresql+psycopg://", "postgresql://"),
        public_url="http://testserver",
    )
    with running(settings) as other, TestClient(application(other)) as client:
        yield client


@pytest.fixture
def stage(web, runtime, tenant, tmp_path) -> Stage:
    return Stage(web, runtime, tenant, tmp_path, Landing(web, tenant.headers))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_address_opens_nothing_a_second_later_in_any_process(web, elsewhere, stage, way):
    address, take_back = way(stage)
    for process in (web, elsewhere):
        answer = process.get(address)
        assert (answer.status_code, answer.content) == (200, BYTES)
    take_back()
    deadline = time.monotonic() + SECOND
    assert web.get(address).status_code == 404
    while (status := elsewhere.get(address).status_code) == 200 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert status == 404


class TestStillOpen:
    """What nobody took back."""

    def test_a_key_that_manages_a_draft_plays_it(self, web, stage):
        video = stage.enter()
        for role in (Role.DEVELOPER, Role.PROJECT_MANAGER, Role.ORGANIZATION_ADMIN):
            assert web.get(stage.address(video, stage.key(role)[1])).status_code == 200

    def test_a_viewer_plays_no_draft_and_the_same_address_once_it_is_published(self, web, stage):
        video, (_, viewer) = stage.enter(visibility="org"), stage.key(Role.VIEWER)
        address = stage.address(video, viewer)
        assert web.get(address).status_code == 404
        stage.publish(video)
        assert web.get(address).status_code == 200

    def test_another_key_keeps_its_address_when_one_is_revoked(self, web, stage):
        video, (key_id, key), (_, other) = (
            stage.enter(),
            stage.key(Role.DEVELOPER),
            stage.key(Role.DEVELOPER),
        )
        first, second = stage.address(video, key), stage.address(video, other)
        stage.act(accounts.revoke_key, key_id)
        assert [web.get(each).status_code for each in (first, second)] == [404, 200]

    def test_each_api_gives_its_caller_an_address_that_the_key_takes_along(self, web, stage):
        key_id, key = stage.key(Role.PROJECT_MANAGER)
        video = stage.enter()
        stage.call("put", video, "captions/en/", content=b"1\n00:00:00,000 --> 00:00:01,000\nHi.\n")
        headers = bearer(key)
        rows = web.get("/api/v1/videos/", headers=headers).json()["results"]
        captions = web.get(f"/api/v1/videos/{video['id']}/captions/", headers=headers).json()
        sessions = web.get("/v1/video/list_completed_video_sessions", headers=headers).json()
        sent = [{"name": "MP4", "settings": {"format": "MP4"}}]
        made = web.post(f"/productions/{video['id']}/distributions", json=sent, headers=headers)
        assert made.status_code == 201, made.text
        addresses = [
            next(each["video"] for each in rows if each["id"] == video["id"]),
            captions["results"][0]["url"],
            sessions[0]["result_url"],
            made.json()["data"][0]["playback_url"],
        ]
        assert [web.get(each).status_code for each in addresses] == [200] * 4
        stage.act(accounts.revoke_key, key_id)
        assert [web.get(each).status_code for each in addresses] == [404] * 4
