"""Sections with files of their own are joined into one video when that is asked for."""

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from playout.core.processing import assembly as assembling
from tests.api.helpers.uploads import settled, upload
from tests.helpers.colour_clips import BLUE, GREEN, RED, coloured, colours

pytestmark = pytest.mark.slow


def tone(target: Path, seconds: float) -> bytes:
    """A file with a tone of so many seconds."""
    source = ["-f", "lavfi", "-i", f"sine=d={seconds}"]
    program = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin"]
    subprocess.run([*program, *source, str(target)], check=True)
    return target.read_bytes()


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.open.wait(20)
        body = self.server.files.get(self.path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("colours")
    return {
        "/red.mp4": coloured(folder, RED, "aac", "mp4").read_bytes(),
        "/green.mkv": coloured(folder, GREEN).read_bytes(),
        "/blue.mkv": coloured(folder, BLUE, "libopus").read_bytes(),
    }


@pytest.fixture
def elsewhere(clips) -> Iterator[ThreadingHTTPServer]:
    """Serves the clips, while it is open."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.files, server.open = dict(clips), threading.Event()
        server.open.set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.open.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def post(web, tenant):
    def post(video, path: str, **body: object):
        address = f"/api/v1/videos/{video['id']}/{path}/"
        return web.post(address, json=body or None, headers=tenant.headers)

    return post


@pytest.fixture
def sectioned(make_video, post, elsewhere):
    """A video with sections: their orders, and the names of their files or none."""

    def sectioned(*sections: tuple[int, str | None]):
        video = make_video(external_url=None)
        for order, name in sections:
            url = f"http://127.0.0.1:{elsewhere.server_port}{name}" if name else None
            added = post(video, "sections", order=order, content={}, video_file=url)
            assert added.status_code == 201, added.text
        return video

    return sectioned


class TestAssemble:
    def test_files_of_any_kind_become_the_video_in_the_order_of_the_sections(
        self, web, tenant, post, sectioned, elsewhere, tmp_path
    ):
        video = sectioned((3, "/blue.mkv"), (1, "/red.mp4"), (4, None), (2, "/green.mkv"))
        elsewhere.open.clear()
        answer = post(video, "assemble").json()
        assert (answer["status"], answer["internal_status"]) == ("in_progress", "merging")
        elsewhere.open.set()
        done = settled(web, tenant.headers, video)
        assert (done["status"], done["failure_reason"]) == ("completed", None)
        file = tmp_path / "video.mp4"
        file.write_bytes(web.get(done["video"]).content)
        assert colours(file) == ["R"] * 30 + ["G"] * 21 + ["B"] * 15
        with av.open(str(file)) as container:
            assert container.streams.audio

    def test_a_file_that_cannot_be_used_is_named_and_can_be_tried_again(
        self, web, tenant, post, sectioned, elsewhere
    ):
        good = elsewhere.files["/green.mkv"]
        elsewhere.files["/green.mkv"] = b"no video at all"
        video = sectioned((1, "/red.mp4"), (7, "/green.mkv"))
        post(video, "assemble")
        failed = settled(web, tenant.headers, video)
        assert failed["status"] == "failed"
        assert failed["failure_reason"].startswith("Section 7: ")
        del elsewhere.files["/green.mkv"]
        assert post(video, "retry").status_code == 200
        assert "Section 7: " in settled(web, tenant.headers, video)["failure_reason"]
        elsewhere.files["/green.mkv"] = good
        assert post(video, "retry").json()["internal_status"] == "merging"
        assert settled(web, tenant.headers, video)["status"] == "completed"

    def test_the_audio_of_a_section_is_heard_to_a_video_without_sound(
        self, web, tenant, post, make_video, elsewhere, tmp_path
    ):
        base = f"http://127.0.0.1:{elsewhere.server_port}"
        video = make_video(external_url=None)
        files = {"video_file": f"{base}/green.mkv", "audio_file": f"{base}/words.mp3"}
        post(video, "sections", order=1, content={}, **files)
        post(video, "assemble")
        failed = settled(web, tenant.headers, video)
        assert failed["failure_reason"].startswith("Section 1: ")
        elsewhere.files["/words.mp3"] = tone(tmp_path / "words.mp3", 1.5)
        post(video, "retry")
        done = settled(web, tenant.headers, video)
        assert (done["status"], done["duration"]) == ("completed", 2)
        file = tmp_path / "video.mp4"
        file.write_bytes(web.get(done["video"]).content)
        assert colours(file) == ["G"] * 15
        with av.open(str(file)) as container:
            assert container.streams.audio[0].codec_context.name == "aac"

    def test_it_can_be_stopped(self, web, tenant, post, sectioned, elsewhere):
        elsewhere.open.clear()
        video = sectioned((1, "/red.mp4"))
        post(video, "assemble")
        assert post(video, "cancel").json()["failure_reason"] == "Cancelled."
        elsewhere.open.set()
        assert settled(web, tenant.headers, video)["failure_reason"] == "Cancelled."

    def test_an_address_that_may_not_be_reached_is_not(self, web, tenant, post, make_video):
        video = make_video(external_url=None)
        file = "http://169.254.169.254/latest/meta-data/"
        post(video, "sections", order=1, content={}, video_file=file)
        post(video, "assemble")
        failed = settled(web, tenant.headers, video)
        assert "Section 1: " in failed["failure_reason"]
        assert "may not be reached" in failed["failure_reason"]

    def test_there_has_to_be_a_file_and_not_too_many(self, post, sectioned, monkeypatch):
        assert post(sectioned((1, None)), "assemble").status_code == 409
        monkeypatch.setattr(assembling, "MAX_SECTIONS", 1)
        assert post(sectioned((1, "/red.mp4"), (2, "/red.mp4")), "assemble").status_code == 409


class TestJoinSessions:
    def test_their_sources_become_a_new_session_one_after_the_other(
        self, web, tenant, make_video, clips, tmp_path
    ):
        sources = [
            upload(web, tenant.headers, make_video(external_url=None), clips[name])
            for name in ("/red.mp4", "/green.mkv")
        ]
        body = {"session_ids": [each["session_id"] for each in sources]}
        answer = web.post("/v1/video/join_videos", json=body, headers=tenant.headers)
        assert answer.status_code == 200, answer.text
        session = answer.json()["session_id"]
        found = web.get("/api/v1/videos/", headers=tenant.headers).json()["results"]
        [joined] = [each for each in found if each["session_id"] == session]
        assert joined["title"] == sources[0]["title"]
        done = settled(web, tenant.headers, joined)
        assert (done["status"], done["failure_reason"]) == ("completed", None)
        file = tmp_path / "video.mp4"
        file.write_bytes(web.get(done["video"]).content)
        frames = colours(file)
        assert [colour for colour, _ in groupby(frames)] == ["R", "G"]
        assert frames.count("R") == pytest.approx(frames.count("G") * 30 / 21, abs=2)

    def test_a_session_without_a_final_video_is_named(self, web, tenant, make_video):
        empty = make_video(external_url=None)["session_id"]
        body = {"input": {"sessionIds": [make_video()["session_id"], empty]}}
        answer = web.post("/v2/join_videos", json=body, headers=tenant.headers)
        assert answer.status_code == 409
        assert empty in answer.json()["message"]
