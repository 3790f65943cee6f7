"""`playout publish`: its output, interrupted uploads, and errors in one sentence."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from playout.cli import tus
from playout.cli.client import Client, ServerError
from tests.helpers.live import Founded, Live, free_port, playout
from tests.helpers.live_clips import make_clip

pytestmark = pytest.mark.slow

PARTS = (
    "SELECT start, size FROM upload_parts p JOIN uploads u ON u.id = p.upload_id"
    " WHERE u.video_id = %s ORDER BY start"
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", seconds=1)


def _assert_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    said = done.stderr
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in said
    for word in words:
        assert word in said
    lines = said.splitlines()
    assert len(lines) == 1, f"not one line: {said!r}"
    assert re.fullmatch(r"Error: \S.*\.", lines[0]), f"not one sentence: {said!r}"


class TestPublish:
    def test_with_json_prints_one_object_with_the_link(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        named = ("--title", "From a script", "--tag", "one", "--tag", "two", "--json")
        text = clip.with_name("subs.srt")
        text.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
        named += ("--captions", f"en={text}")
        done = playout("publish", clip, *named, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["url"] == told["publication"]["page_url"]
        assert told["publication"]["title"] == "From a script"
        assert told["publication"]["tags"] == ["one", "two"]
        assert told["publication"]["has_subtitles"] is True

    def test_invalid_captions_are_an_error_before_anything_is_sent(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        named = ("--captions", f"en={clip}")
        done = playout("publish", clip, *named, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        _assert_sentence(done, "UTF-8")


class TestResume:
    def test_continues_an_interrupted_upload(
        self, live: Live, acme: Founded, tmp_path: Path
    ) -> None:
        clip = make_clip(tmp_path / "clip.mp4", seconds=1)
        size, half = clip.stat().st_size, clip.stat().st_size // 2
        client = Client(live.url, acme.key)
        video = client.create_video("Begun earlier", acme.project)["id"]

        def broken_off(*_: object) -> Iterator[bytes]:
            yield clip.read_bytes()[:half]
            time.sleep(0.5)  # bytes that are unread when a connection breaks are lost
            raise httpx2.WriteError("the cable is out")

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_STATE_HOME", str(tmp_path))
            patch.setattr(tus, "_chunks", broken_off)
            patch.setattr(tus, "MAX_ATTEMPTS", 0)
            with pytest.raises(ServerError):
                tus.upload_file(client, clip, lambda: video, lambda _: None)
        [memory] = tmp_path.rglob("uploads/*.json")
        given = {"PLAYOUT_URL": live.url, "PLAYOUT_KEY": acme.key, "XDG_STATE_HOME": str(tmp_path)}
        done = playout("publish", clip, "--json", **given)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["session"]["id"] == session_of(live, video)
        assert live.rows(PARTS, video) == [(0, half), (half, size - half)]
        assert not memory.exists()

    def test_the_same_file_again_becomes_another_video(
        self, live: Live, acme: Founded, clip: Path
    ) -> None:
        given = {"PLAYOUT_URL": live.url, "PLAYOUT_KEY": acme.key}
        told = [json.loads(playout("publish", clip, "--json", **given).stdout) for _ in range(2)]
        assert told[0]["session"]["id"] != told[1]["session"]["id"]


def session_of(live: Live, video: int) -> str:
    [[session]] = live.rows("SELECT session_id FROM videos WHERE id = %s", video)
    return str(session)


class TestErrors:
    def test_no_key(self, live: Live, clip: Path) -> None:
        _assert_sentence(playout("publish", clip, PLAYOUT_URL=live.url), "PLAYOUT_KEY")

    def test_a_wrong_key(self, live: Live, clip: Path) -> None:
        key = "app.v1.UQiFOXr56CM1Yc8Lg4FmE-6giV1CZEI1"
        done = playout("publish", clip, PLAYOUT_URL=live.url, PLAYOUT_KEY=key)
        _assert_sentence(done, "401", "The API key is not valid.")

    def test_a_text_file_with_the_name_of_a_video(
        self, live: Live, acme: Founded, tmp_path: Path
    ) -> None:
        file = tmp_path / "notes.mp4"
        file.write_text("This is no video.\n" * 50)
        done = playout("publish", file, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        _assert_sentence(done, "not a video")

    def test_a_missing_file(self, live: Live, acme: Founded, tmp_path: Path) -> None:
        missing = tmp_path / "missing.mp4"
        done = playout("publish", missing, PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        _assert_sentence(done, "missing.mp4")

    def test_a_file_name_that_looks_like_markup(self, acme: Founded, tmp_path: Path) -> None:
        done = playout("publish", tmp_path / "[" / "gone].mp4", PLAYOUT_KEY=acme.key)
        _assert_sentence(done, f"{tmp_path}/[/gone].mp4")

    def test_a_server_that_does_not_answer(self, acme: Founded, clip: Path) -> None:
        url = f"http://127.0.0.1:{free_port()}"
        done = playout("publish", clip, PLAYOUT_URL=url, PLAYOUT_KEY=acme.key)
        _assert_sentence(done, url, "does not answer")
