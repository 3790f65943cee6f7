"""Files that are to be heard: which are taken, and what is said of the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_sound
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]
KINDS = ["mp3", "m4a", "aac", "wav", "flac", "ogg", "opus", "webm", "mka"]


@pytest.fixture
def sound(tmp_path: Path, ffmpeg: Callable[..., None]) -> Clip:
    def make(name: str) -> Path:
        target = tmp_path / name
        ffmpeg("-f", "lavfi", "-i", "sine=f=440:d=2", target)
        return target

    return make


class TestProbeSound:
    @pytest.mark.parametrize("end", KINDS)
    def test_every_usual_kind_is_known(self, end: str, sound: Clip, tools: Tools) -> None:
        found = probe_sound(sound(f"tone.{end}"), tools)
        assert found.duration_ms == pytest.approx(2000, abs=60)
        assert (found.audio.index, found.audio.channels) == (0, 1)

    def test_a_video_with_sound_will_do(self, clip: Clip, tools: Tools) -> None:
        found = probe_sound(clip("plain.mp4"), tools)
        assert (found.audio.index, found.audio.codec) == (1, "aac")

    def test_lasts_as_long_as_there_is_sound_whatever_it_declares(
        self, sound: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        honest = sound("tone.wav").read_bytes()
        at = honest.index(b"data") + 4
        liar = tmp_path / "liar.wav"
        liar.write_bytes(honest[:at] + (2**31).to_bytes(4, "little") + honest[at + 4 :])
        assert probe_sound(liar, tools).duration_ms == pytest.approx(2000, abs=60)

    def test_works_in_both_sandboxes(self, sound: Clip, each_sandbox: Tools) -> None:
        assert probe_sound(sound("tone.mp3"), each_sandbox).audio.codec.startswith("mp3")

    def test_what_is_no_sound_is_refused(self, clip: Clip, tmp_path: Path, tools: Tools) -> None:
        playlist, noise, cut = (tmp_path / name for name in ("list.mp3", "noise.mp3", "cut.flac"))
        playlist.write_text("#EXTM3U\nhttp://127.0.0.1/elsewhere.mp3\n")
        noise.write_bytes(b"ID3\x04\0\0\0\0\0\0" + b"\x55" * 5000)
        cut.write_bytes(b"fLaC\0\0")
        for file, reason in (
            (playlist, "not in a sound format"),
            (noise, "damaged"),
            (cut, "damaged"),
            (clip("silent.mp4"), "no sound"),
        ):
            with pytest.raises(MediaRejected, match=reason):
                probe_sound(file, tools)
