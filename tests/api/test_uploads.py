"""A source comes in as raw bytes, and something that plays, or a reason, comes of it."""

import asyncio
import socket
from pathlib import Path

import pytest

from tests.api.helpers.tools import ledger
from tests.api.helpers.uploads import clip, upload


@pytest.fixture
def draft(make_video):
    return make_video(title="A clip", external_url=None)


def files(runtime) -> set[Path]:
    folder = runtime.settings.data_dir / "files"
    return {path for path in folder.rglob("*") if path.is_file()}


class TestUpload:
    def test_a_real_clip_is_completed_with_a_poster_and_its_length(self, web, tenant, draft):
        video = upload(web, tenant.headers, draft, clip())
        assert (video["status"], video["failure_reason"]) == ("completed", None)
        assert (video["generation_progress"], video["duration"]) == (100, 1)
        played = web.get(video["video"])
        assert (played.status_code, played.headers["content-type"]) == (200, "video/mp4")
        assert played.content[4:8] == b"ftyp"
        poster = web.get(video["cover_image"])
        assert (poster.status_code, poster.headers["content-type"]) == (200, "image/jpeg")
        assert poster.content.startswith(b"\xff\xd8")

    def test_the_ledger_tells_each_step(self, web, runtime, tenant, draft):
        upload(web, tenant.headers, draft, clip())
        rows = ledger(runtime, subject_id=draft["uid"])
        steps = [row.changes["status"] for row in rows if row.event == "video.status_changed"]
        assert steps == [["not_started", "in_progress"], ["in_progress", "completed"]]
        assert [row.api for row in rows] == ["videos", "videos", "jobs"]

    def test_a_second_source_that_is_no_good_leaves_the_first_playing(self, web, tenant, draft):
        first = upload(web, tenant.headers, draft, clip())
        second = upload(web, tenant.headers, draft, b"not a video" * 100)
        assert (second["status"], second["video"]) == ("completed", first["video"])
        assert second["failure_reason"]

    def test_the_page_of_a_published_video_plays_the_new_source(self, web, tenant, draft):
        upload(web, tenant.headers, draft, clip())
        path = f"/v1/publications/session/{draft['session_id']}"
        publication = web.post(path, headers=tenant.headers).json()["publication"]
        assert publication["video_url"] in web.get(publication["page_url"]).text
        renewed = upload(web, tenant.headers, draft, clip())
        assert renewed["video"] != publication["video_url"]
        assert web.get(renewed["video"]).status_code == 200
        assert renewed["video"] in web.get(publication["page_url"]).text


class TestRejected:
    PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n"

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"This is a letter, not a video.\n" * 50, id="text"),
            pytest.param(b"\x00" * 5000, id="zeroes"),
            pytest.param(b"x", id="one byte"),
            pytest.param(clip()[:400], id="cut off in the head"),
            pytest.param(clip()[:-1000], id="cut off before the index"),
        ],
    )
    def test_what_is_no_video_fails_with_a_sentence(self, web, tenant, draft, content):
        video = upload(web, tenant.headers, draft, content)
        assert (video["status"], video["video"]) == ("failed", "")
        assert readable(video["failure_reason"])

    def test_a_playlist_is_refused_and_nobody_is_called(self, web, tenant, draft):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.3)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}/segment.ts"
            video = upload(web, tenant.headers, draft, self.PLAYLIST.format(url=url).encode())
            assert video["status"] == "failed"
            assert readable(video["failure_reason"])
            with pytest.raises(TimeoutError):
                listener.accept()

    def test_an_empty_file_is_400_and_changes_nothing(self, web, runtime, tenant, draft):
        before = files(runtime)
        answer = web.put(f"/api/v1/videos/{draft['id']}/source/", headers=tenant.headers)
        assert (answer.status_code, answer.json()["detail"]) == (400, "The file is empty.")
        assert files(runtime) == before
        detail = web.get(f"/api/v1/videos/{draft['id']}/", headers=tenant.headers).json()
        assert detail["status"] == "not_started"

    def test_a_form_is_415(self, web, tenant, draft):
        path = f"/api/v1/videos/{draft['id']}/source/"
        answer = web.put(path, files={"file": clip()}, headers=tenant.headers)
        assert answer.status_code == 415

    def test_more_than_the_limit_is_413_before_a_byte_is_taken(self, web, runtime, tenant, draft):
        length = str(runtime.settings.max_upload_bytes + 1)
        path = f"/api/v1/videos/{draft['id']}/source/"
        headers = tenant.headers | {"Content-Length": length}
        assert web.put(path, content=b"x", headers=headers).status_code == 413

    def test_an_upload_that_breaks_off_leaves_nothing(self, web, runtime, tenant, draft):
        before = files(runtime)
        path = f"/api/v1/videos/{draft['id']}/source/"
        key = tenant.headers["Authorization"].encode()
        asyncio.run(break_off(web.app, path, key, clip() * 200))
        assert files(runtime) == before
        detail = web.get(f"/api/v1/videos/{draft['id']}/", headers=tenant.headers).json()
        assert (detail["status"], detail["failure_reason"]) == ("not_started", None)


def readable(reason: str | None) -> bool:
    """Whether it is a sentence for a person, without paths or names of programs."""
    told = reason or ""
    return told.endswith(".") and " " in told and not {"/", "ffmpeg", "Errno"} & set(told.split())


async def break_off(app, path: str, authorization: bytes, content: bytes) -> None:
    """Send the beginning of a body and go away."""
    messages = [
        {"type": "http.request", "body": content, "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", authorization), (b"content-length", b"999999999")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "root_path": "",
    }

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            assert message["status"] == 400

    await app(scope, receive, send)
