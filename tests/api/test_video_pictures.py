"""The pictures of a video: when they come, to whom they go, and a poster of one's own."""

import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from playout.core.processing.posters import draw_poster
from playout.core.videos.model import Video
from playout.transcode.errors import MediaRejected
from tests.api.helpers.streams import H264, enter, sounding
from tests.api.helpers.tools import ledger, publish
from tests.api.helpers.uploads import bare, picture
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.usefixtures("ladders")

PATIENCE = 240.0
"""Seconds. The ladders of other tests come first."""
PICTURE = picture()
WRONG = [
    {},
    {"time": "soon"},
    {"time": None},
    {"time": True},
    {"time": -1},
    {"time": 6},
    {"time": 1e300},
    [1],
    5,
]


def detail(web, tenant, video):
    return web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()


def until(web, tenant, video, true):
    """The video, once that is true of it."""
    deadline = time.monotonic() + PATIENCE
    while not true(found := detail(web, tenant, video)):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def put(web, tenant, video, **options):
    headers = options.pop("headers", {}) | tenant.headers
    return web.put(f"/api/v1/videos/{video['id']}/poster/", headers=headers, **options)


@pytest.fixture(scope="module")
def pictured(web, runtime):
    """A tenant and a draft that plays and has its pictures; no test changes it."""
    tenant = found_tenant(runtime)
    video = enter(web, tenant, sounding(H264, "720x480", 5))
    return tenant, until(web, tenant, video, lambda found: found["preview_url"])


@pytest.fixture
def own(web, tenant):
    """A draft that plays, for a test to change."""
    return enter(web, tenant, sounding())


class TestPictures:
    def test_a_video_has_a_poster_at_once_and_better_ones_soon(self, web, pictured):
        _, video = pictured
        for name, kind in (
            ("cover_image", "image/jpeg"),
            ("thumbnail", "image/jpeg"),
            ("preview_url", "image/webp"),
            ("storyboard_url", "text/vtt; charset=utf-8"),
        ):
            answer = web.get(video[name])
            assert (answer.status_code, answer.headers["content-type"]) == (200, kind), name
        assert bare(video["thumbnail"]).endswith("/poster-640.jpg")

    def test_come_after_the_video_plays_and_where_they_fail_the_first_poster_stays(
        self, web, tenant, monkeypatch
    ):
        tried = []

        def fails(*_, **__):
            tried.append(1)
            raise MediaRejected("Not one picture of this video can be decoded.")

        monkeypatch.setattr("playout.core.processing.pictures.make_pictures", fails)
        video = enter(web, tenant, sounding())
        assert web.get(video["cover_image"]).status_code == 200
        until(web, tenant, video, lambda _: tried)
        found = detail(web, tenant, video)
        assert (found["status"], found["preview_url"], found["storyboard_url"]) == (
            "completed",
            None,
            None,
        )
        assert found["thumbnail"] == found["cover_image"] == video["cover_image"]

    def test_a_storyboard_names_its_picture_with_the_grant(self, web, pictured):
        _, video = pictured
        cues = [line for line in web.get(video["storyboard_url"]).text.splitlines() if "#" in line]
        assert len(cues) == 5
        folder, _, name = video["storyboard_url"].rpartition("/")
        sheet = f"{folder}/{cues[0].partition('#')[0]}"
        assert name.partition("?")[2] == sheet.partition("?")[2]
        assert web.get(sheet).headers["content-type"] == "image/jpeg"

    def test_go_to_whom_the_video_goes(self, web, pictured):
        _, video = pictured
        names = ("cover_image", "thumbnail", "preview_url", "storyboard_url")
        assert {web.get(bare(video[name])).status_code for name in names} == {404}

    def test_taking_the_video_back_ends_them_at_once(self, web, tenant, own):
        video = until(web, tenant, own, lambda found: found["preview_url"])
        publish(web, tenant.key, own["session_id"])
        gallery = web.get("/").text
        plain = [bare(video[name]) for name in ("thumbnail", "preview_url", "storyboard_url")]
        assert all(urlsplit(url).path in gallery for url in plain[:2])
        assert {web.get(url).status_code for url in plain} == {200}
        revoke = {"session_id": own["session_id"]}
        web.post("/v1/publications/revoke", json=revoke, headers=tenant.headers)
        assert {web.get(url).status_code for url in plain} == {404}


class TestOwnPoster:
    def test_a_picture_is_shown_from_the_answer_on(self, web, tenant, runtime, own):
        answer = put(web, tenant, own, content=PICTURE)
        assert answer.status_code == 200, answer.text
        poster = answer.json()["cover_image"]
        assert poster != own["cover_image"]
        assert web.get(poster).content.startswith(b"\xff\xd8\xff")
        (*_, entry) = ledger(runtime, subject_id=own["uid"], event="video.updated")
        assert entry.changes == {"poster": [None, bare(poster).split("/")[-2]]}

    def test_one_that_lies_elsewhere_can_have_one_too(self, web, tenant, make_video):
        video = make_video()
        assert video["cover_image"] is None
        assert put(web, tenant, video, content=PICTURE).json()["cover_image"]

    def test_a_moment_is_drawn_and_what_was_wanted_since_goes_before(
        self, web, tenant, runtime, own
    ):
        first = put(web, tenant, own, json={"time": 4.9})
        assert first.status_code == 200, first.text
        drawn = until(
            web, tenant, own, lambda found: found["updated_at"] != first.json()["updated_at"]
        )
        assert web.get(drawn["cover_image"]).status_code == 200
        put(web, tenant, own, json={"time": 0.5})
        with runtime.database.read_session() as session:
            claim = session.get_one(Video, own["id"]).poster_claim
        last = put(web, tenant, own, content=PICTURE).json()
        draw_poster.function(runtime, own["id"], claim or uuid4(), 0.5)
        assert detail(web, tenant, own)["cover_image"] == last["cover_image"]

    def test_what_is_refused_in_the_end_leaves_no_files(self, web, tenant, runtime, make_video):
        video = make_video()
        seen = {"If-Match": f'"{video["id"]}-1"'}
        assert put(web, tenant, video, content=PICTURE, headers=seen).status_code == 412
        left = (runtime.storage.folder / "media" / video["uid"]).rglob("*.*")
        assert list(left) == []

    def test_removing_it_brings_back_what_playout_chose(self, web, tenant, pictured, make_video):
        video = make_video()
        put(web, tenant, video, content=PICTURE)
        path = f"/api/v1/videos/{video['id']}/poster/"
        for _ in range(2):
            assert web.delete(path, headers=tenant.headers).status_code == 204
        assert detail(web, tenant, video)["cover_image"] is None

    @pytest.mark.parametrize("body", WRONG)
    def test_what_is_no_time_of_the_video_is_refused(self, web, pictured, body):
        tenant, video = pictured
        answer = put(web, tenant, video, json=body)
        assert answer.status_code == 400, answer.text

    def test_there_is_no_moment_where_nothing_plays(self, web, tenant, make_video):
        assert put(web, tenant, make_video(), json={"time": 0}).status_code == 409

    @pytest.mark.parametrize(
        ("options", "status"),
        [
            ({"content": b"no picture"}, 400),
            ({"content": PICTURE[:40]}, 400),
            ({"content": b"x" * (20 * 1024 * 1024 + 1)}, 413),
            ({"files": {"poster": PICTURE}}, 415),
        ],
    )
    def test_what_is_no_picture_is_refused(self, web, pictured, options, status):
        tenant, video = pictured
        answer = put(web, tenant, video, **options)
        assert answer.status_code == status, answer.text
        assert detail(web, tenant, video)["cover_image"] == video["cover_image"]
