"""The files that a newer source, poster or text took the place of: for how long they are served."""

import time
from datetime import timedelta
from uuid import UUID

import pytest

from playout.core.maintenance.garbage_collection import MIN_AGE
from playout.core.maintenance.jobs import collect_storage_garbage
from playout.core.media.replaced_versions import ReplacedVersion
from playout.core.videos.replaced import GRACE
from playout.kit.clock import utcnow
from tests.api.helpers.tools import publish
from tests.api.helpers.tus_calls import Tus
from tests.api.helpers.uploads import bare, clip, picture, settled, upload
from tests.core.test_garbage_collection import Files

pytestmark = pytest.mark.slow

SRT = b"1\n00:00:00,000 --> 00:00:01,000\nOld.\n"
NOW = {"replace": "now"}


@pytest.fixture
def published(web, tenant, make_video):
    """A published public video with a poster and captions of its own."""
    video = upload(web, tenant.headers, make_video(external_url=None), clip())
    put_poster(web, tenant, video)
    put_captions(web, tenant, video)
    publish(web, tenant.key, video["session_id"])
    return detail(web, tenant, video)


@pytest.fixture
def later(monkeypatch):
    """Moves the clock of the files to the end of the grace."""

    def later() -> None:
        monkeypatch.setattr("playout.pages.playback.media.utcnow", lambda: utcnow() + GRACE)

    return later


@pytest.fixture
def elsewhere(web, tenant, make_video):
    """The same of a file that lies elsewhere: nothing has to be made of it."""
    video = make_video()
    put_poster(web, tenant, video)
    put_captions(web, tenant, video)
    publish(web, tenant.key, video["session_id"])
    return detail(web, tenant, video)


def path(video, part=""):
    return f"/api/v1/videos/{video['id']}/{part}"


def detail(web, tenant, video):
    return web.get(path(video), headers=tenant.headers).json()


def put_source(web, tenant, video, **params):
    answer = web.put(path(video, "source/"), content=clip(), headers=tenant.headers, params=params)
    assert answer.status_code == 200, answer.text
    return settled(web, tenant.headers, video)


def put_poster(web, tenant, video, **params):
    headers = tenant.headers | {"Content-Type": "image/png"}
    answer = web.put(path(video, "poster/"), content=picture(), headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_captions(web, tenant, video, text=SRT, **params):
    answer = web.put(
        path(video, "captions/en/"), content=text, headers=tenant.headers, params=params
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def unpublish_and_publish(web, tenant, video):
    assert web.delete(path(video, "publish/"), headers=tenant.headers).status_code == 204
    assert web.post(path(video, "publish/"), headers=tenant.headers).status_code == 200


def statuses(web, *addresses):
    return [web.get(each).status_code for each in addresses]


def files_of(video):
    """The addresses of the files of its source."""
    return video["video"], video["hls_url"], video["dash_url"]


class TestSource:
    def test_old_files_are_served_for_ten_minutes_at_the_most(self, web, tenant, published, later):
        new = put_source(web, tenant, published)
        assert not {*files_of(new)} & {*files_of(published)}
        assert statuses(web, *files_of(published), *files_of(new)) == [200] * 6
        later()
        assert statuses(web, *files_of(published), *files_of(new)) == [404] * 3 + [200] * 3

    def test_replacing_at_once_ends_them_when_the_new_source_plays(self, web, tenant, published):
        new = put_source(web, tenant, published, **NOW)
        assert statuses(web, *files_of(published), *files_of(new)) == [404] * 3 + [200] * 3

    def test_replacing_at_once_ends_what_was_replaced_before(self, web, tenant, published):
        second = put_source(web, tenant, published)
        put_source(web, tenant, published, **NOW)
        assert statuses(web, *files_of(published), *files_of(second)) == [404] * 6

    def test_a_resumable_upload_replaces_at_once_too(self, web, tenant, published):
        tus = Tus(web, tenant.headers)
        said = {"video": published["id"], "replace": "now"}
        assert tus.create(len(clip()), clip(), **said).status_code == 201
        new = settled(web, tenant.headers, published)
        assert bare(new["video"]) != published["video"]
        assert statuses(web, *files_of(published), *files_of(new)) == [404] * 3 + [200] * 3

    def test_a_resumable_upload_leaves_the_grace_unless_it_says_so(self, web, tenant, published):
        tus = Tus(web, tenant.headers)
        assert tus.create(len(clip()), clip(), video=published["id"]).status_code == 201
        new = settled(web, tenant.headers, published)
        assert bare(new["video"]) != published["video"]
        assert statuses(web, *files_of(published)) == [200] * 3

    def test_unpublishing_ends_them_for_good(self, web, tenant, published):
        put_source(web, tenant, published)
        unpublish_and_publish(web, tenant, published)
        assert statuses(web, *files_of(published)) == [404] * 3

    def test_a_video_that_lies_elsewhere_now_keeps_them_no_longer(
        self, web, tenant, published, later
    ):
        sent = {"external_url": "https://cdn.example.com/other.mp4"}
        answer = web.patch(path(published), json=sent, headers=tenant.headers)
        assert answer.status_code == 200, answer.text
        assert statuses(web, *files_of(published)) == [200] * 3
        later()
        assert statuses(web, *files_of(published)) == [404] * 3

    def test_deleting_the_video_ends_them(self, web, tenant, published):
        put_source(web, tenant, published)
        assert web.delete(path(published), headers=tenant.headers).status_code == 204
        assert statuses(web, *files_of(published)) == [404] * 3

    def test_another_value_than_now_is_refused(self, web, tenant, elsewhere):
        for part, sent in (("source/", clip()), ("poster/", picture()), ("captions/en/", SRT)):
            answer = web.put(
                path(elsewhere, part),
                content=sent,
                headers=tenant.headers | {"Content-Type": "image/png"},
                params={"replace": "soon"},
            )
            assert (answer.status_code, "replace" in answer.text) == (400, True)
        answer = Tus(web, tenant.headers).create(5, video=elsewhere["id"], replace="soon")
        assert (answer.status_code, "replace" in answer.text) == (400, True)


class TestPoster:
    def test_an_old_one_is_served_for_ten_minutes_at_the_most(self, web, tenant, elsewhere, later):
        new = put_poster(web, tenant, elsewhere)
        pair = elsewhere["cover_image"], bare(new["cover_image"])
        assert pair[0] != pair[1]
        assert statuses(web, *pair) == [200, 200]
        later()
        assert statuses(web, *pair) == [404, 200]

    def test_replacing_at_once_ends_it(self, web, tenant, elsewhere):
        new = put_poster(web, tenant, elsewhere, **NOW)
        assert statuses(web, elsewhere["cover_image"], new["cover_image"]) == [404, 200]

    def test_a_frame_of_the_video_replaces_it_at_once_too(self, web, tenant, published):
        answer = web.put(
            path(published, "poster/"), json={"time": 0.5}, headers=tenant.headers, params=NOW
        )
        assert answer.status_code == 200, answer.text
        deadline = time.monotonic() + 20
        while (new := detail(web, tenant, published)["cover_image"]) == published["cover_image"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert statuses(web, published["cover_image"], new) == [404, 200]

    def test_removing_one_ends_it_and_what_it_took_the_place_of(self, web, tenant, published):
        second = put_poster(web, tenant, published)["cover_image"]
        assert web.delete(path(published, "poster/"), headers=tenant.headers).status_code == 204
        third = detail(web, tenant, published)["cover_image"]
        assert statuses(web, published["cover_image"], second, third) == [404, 404, 200]

    def test_unpublishing_ends_it_for_good(self, web, tenant, elsewhere):
        put_poster(web, tenant, elsewhere)
        unpublish_and_publish(web, tenant, elsewhere)
        assert statuses(web, elsewhere["cover_image"]) == [404]

    def test_its_files_stay_in_the_storage_while_it_is_served(
        self, web, runtime, tenant, elsewhere
    ):
        version = elsewhere["cover_image"].rpartition("/")[0].rpartition("/")[2]
        files = Files(runtime)
        key = f"media/{UUID(elsewhere['uid'])}/{version}/poster.jpg"
        put_poster(web, tenant, elsewhere)
        files.put(key, MIN_AGE * 2)
        collect_storage_garbage.function(runtime)
        assert statuses(web, elsewhere["cover_image"]) == [200]
        ended(runtime)
        collect_storage_garbage.function(runtime)
        assert files.there(key) == [False]


class TestCaptions:
    @pytest.fixture
    def old(self, web, tenant, published):
        return self.url(web, tenant, published)

    def url(self, web, tenant, video):
        return web.get(path(video, "captions/en/"), headers=tenant.headers).json()["url"]

    def playlist(self, address):
        return address.replace(".vtt", ".m3u8")

    def test_an_old_text_is_served_for_ten_minutes_at_the_most(
        self, web, tenant, published, old, later
    ):
        new = put_captions(web, tenant, published, SRT.replace(b"Old", b"New"))["url"]
        assert "Old." in web.get(old).text
        assert "New." in web.get(new).text
        assert statuses(web, self.playlist(old), self.playlist(new)) == [200, 200]
        later()
        assert statuses(web, old, self.playlist(old), new) == [404, 404, 200]

    def test_replacing_at_once_ends_it(self, web, tenant, published, old):
        new = put_captions(web, tenant, published, SRT.replace(b"Old", b"New"), **NOW)["url"]
        assert statuses(web, old, self.playlist(old), new) == [404, 404, 200]

    def test_removing_them_ends_every_text_of_the_language(self, web, tenant, elsewhere):
        old = self.url(web, tenant, elsewhere)
        new = put_captions(web, tenant, elsewhere, SRT.replace(b"Old", b"New"))["url"]
        answer = web.delete(path(elsewhere, "captions/en/"), headers=tenant.headers)
        assert answer.status_code == 204
        assert statuses(web, old, new) == [404, 404]

    def test_unpublishing_ends_it_for_good(self, web, tenant, elsewhere):
        old = self.url(web, tenant, elsewhere)
        put_captions(web, tenant, elsewhere, SRT.replace(b"Old", b"New"))
        unpublish_and_publish(web, tenant, elsewhere)
        assert statuses(web, old) == [404]


class TestRows:
    def test_a_cached_video_costs_no_query_for_each_file(
        self, web, runtime, published, monkeypatch
    ):
        assert statuses(web, published["video"]) == [200]

        def refuse(*_: object) -> None:
            raise AssertionError("the database was asked")

        monkeypatch.setattr(runtime.playback, "load", refuse)
        assert statuses(web, published["video"], published["cover_image"]) == [200, 200]

    def test_those_that_have_ended_are_deleted_every_day(self, web, runtime, tenant, elsewhere):
        put_poster(web, tenant, elsewhere)
        assert len(rows(runtime)) >= 1
        ended(runtime)
        collect_storage_garbage.function(runtime)
        assert rows(runtime) == []


def rows(runtime):
    with runtime.database.read_session() as session:
        return list(session.query(ReplacedVersion))


def ended(runtime):
    """Let all that was replaced have ended."""
    with runtime.database.write_session() as session:
        session.query(ReplacedVersion).update({"until": utcnow() - timedelta(seconds=1)})
