"""The files of videos: ranges and validators, and who may have them at this moment."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from playout.web import application
from tests.api.helpers.tools import publish
from tests.api.helpers.uploads import bare, clip, playing_video, upload


@pytest.fixture(scope="module")
def playing(web, runtime):
    """A draft that plays; no test changes it."""
    return playing_video(web, runtime)


@pytest.fixture
def drafted(web, tenant, make_video):
    """A completed video that is not out."""
    return upload(web, tenant.headers, make_video(external_url=None), clip())


class TestRanges:
    @pytest.mark.parametrize(
        ("asked", "first", "last"),
        [("0-0", 0, 0), ("0-99", 0, 99), ("100-", 100, -1), ("-50", -50, -1), ("0-", 0, -1)],
    )
    def test_a_range_is_answered_with_206(self, web, ranged, asked, first, last):
        url, whole = ranged
        answer = web.get(url, headers={"Range": f"bytes={asked}"})
        size = len(whole)
        first, last = first % size, last % size
        assert answer.status_code == 206
        assert answer.content == whole[first : last + 1]
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["content-length"] == str(last + 1 - first)
        assert answer.headers["content-type"] == "video/mp4"

    @pytest.mark.parametrize("asked", ["9999999-", "-0", "99999999999999999-"])
    def test_a_range_beyond_the_end_is_416_and_says_the_length(self, web, ranged, asked):
        url, whole = ranged
        answer = web.get(url, headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
        assert answer.content == b""

    @pytest.mark.parametrize(
        "asked",
        ["bytes=5-2", "bytes=-", "bytes=x", "chars=0-5", "bytes=0-1,3-4", "", "bytes=-1-2"],
    )
    def test_what_is_no_single_range_brings_the_whole(self, web, ranged, asked):
        url, whole = ranged
        answer = web.get(url, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (200, whole)

    @pytest.mark.parametrize("asked", ["9" * 5000 + "-", "0-" + "9" * 5000, "-" + "9" * 5000])
    def test_a_number_beyond_all_is_no_fault(self, web, ranged, asked):
        answer = web.get(ranged[0], headers={"Range": f"bytes={asked}"})
        assert answer.status_code in {200, 206, 416}

    def test_the_end_may_lie_beyond_the_file(self, web, ranged):
        url, whole = ranged
        answer = web.get(url, headers={"Range": "bytes=10-99999999"})
        assert (answer.status_code, answer.content) == (206, whole[10:])

    def test_head_tells_all_and_reads_nothing(self, web, ranged, monkeypatch):
        url, whole = ranged
        monkeypatch.setattr("playout.kit.storage.store.Storage.read", unread)
        answer = web.head(url)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(len(whole))
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["content-type"] == "video/mp4"

    @pytest.fixture
    def ranged(self, web, playing):
        return playing["video"], web.get(playing["video"]).content


class TestValidators:
    @pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
    def test_who_has_it_already_is_told_304(self, web, playing, form):
        etag = web.get(playing["video"]).headers["etag"]
        answer = web.get(playing["video"], headers={"If-None-Match": form.format(etag)})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag

    def test_another_tag_brings_the_file(self, web, playing):
        answer = web.get(playing["video"], headers={"If-None-Match": '"x"'})
        assert answer.status_code == 200

    def test_a_range_of_another_version_brings_the_whole(self, web, playing):
        etag = web.get(playing["video"]).headers["etag"]
        statuses = [
            web.get(playing["video"], headers={"Range": "bytes=0-9", "If-Range": tag}).status_code
            for tag in (etag, '"x"', f"W/{etag}", "Sat, 01 Jan 2000 00:00:00 GMT")
        ]
        assert statuses == [206, 200, 200, 200]


class TestGrants:
    def test_a_drafts_file_plays_with_the_grant_in_its_address_only(self, web, playing):
        for url in (playing["video"], playing["cover_image"]):
            assert web.get(url).status_code == 200
            assert web.get(bare(url)).status_code == 404
            assert web.get(f"{bare(url)}?grant=").status_code == 404

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda grant: grant[:-1] + ("A" if grant[-1] != "A" else "B"),
            lambda grant: "9" + grant,
            lambda grant: grant.replace(".", "", 1),
            lambda grant: "1." + grant.partition(".")[2],
            lambda grant: "9" * 5000 + "." + grant.partition(".")[2],
            lambda grant: "١." + grant.partition(".")[2],
            lambda grant: grant + "x",
        ],
    )
    def test_a_grant_that_was_changed_opens_nothing(self, web, playing, spoil):
        address, _, grant = playing["video"].partition("?grant=")
        assert web.get(address, params={"grant": spoil(grant)}).status_code == 404

    def test_the_grant_of_another_video_opens_nothing(self, web, tenant, make_video, playing):
        other = upload(web, tenant.headers, make_video(external_url=None), clip())
        grant = other["video"].partition("?")[2]
        assert web.get(f"{bare(playing['video'])}?{grant}").status_code == 404

    def test_a_published_video_needs_none(self, web, tenant, drafted):
        publication = publish(web, tenant.key, drafted["session_id"])["publication"]
        assert publication["video_url"] == bare(drafted["video"])
        assert web.get(publication["video_url"]).status_code == 200
        assert web.get(publication["splash_image"]).status_code == 200

    def test_revoking_ends_page_feed_files_and_every_grant_at_once(self, web, tenant, drafted):
        publication = publish(web, tenant.key, drafted["session_id"])["publication"]
        for url in (publication["page_url"], publication["video_url"], drafted["video"], "/"):
            assert web.get(url).status_code == 200
        assert publication["slug"] in web.get("/").text
        path = f"/v1/publications/session/{drafted['session_id']}"
        assert web.delete(path, headers=tenant.headers).status_code == 200
        assert web.get(publication["page_url"]).status_code == 404
        assert web.get(publication["video_url"]).status_code == 404
        assert web.get(publication["splash_image"]).status_code == 404
        assert web.get(drafted["video"]).status_code == 404
        assert publication["slug"] not in web.get("/").text

    def test_the_owner_gets_a_new_grant_after_revoking(self, web, tenant, drafted):
        publish(web, tenant.key, drafted["session_id"])
        web.delete(f"/v1/publications/session/{drafted['session_id']}", headers=tenant.headers)
        path = f"/api/v1/videos/{drafted['id']}/"
        renewed = web.get(path, headers=tenant.headers).json()["video"]
        assert renewed != drafted["video"]
        assert web.get(renewed).status_code == 200


async def unread(*_: object):
    raise AssertionError("the file was read")
    yield b""


class TestBehindNginx:
    @pytest.fixture
    def fronted(self, runtime):
        """The same application behind an nginx that holds the files."""
        settings = runtime.settings.model_copy(update={"accel_redirect": "/internal"})
        return TestClient(application(replace(runtime, settings=settings)))

    def test_the_file_is_named_to_it_and_not_read(self, fronted, playing):
        answer = fronted.get(playing["video"], headers={"Range": "bytes=0-9"})
        named = urlsplit(bare(playing["video"])).path
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["x-accel-redirect"] == f"/internal{named}"
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["cache-control"] == "private, no-store"

    def test_who_may_not_have_it_is_told_so_here(self, fronted, playing):
        answer = fronted.get(bare(playing["video"]))
        assert answer.status_code == 404
        assert "x-accel-redirect" not in answer.headers

    def test_playlists_are_answered_here(self, fronted, playing):
        assert fronted.get(playing["hls_url"]).text.startswith("#EXTM3U")
