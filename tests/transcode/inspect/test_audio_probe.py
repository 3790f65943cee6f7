"""The facts that a probe finds in audio files, and the files that it rejects."""

from pathlib import Path

import pytest

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_audio
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip

pytestmark = pytest.mark.slow

EXTENSIONS = ["mp3", "m4a", "aac", "wav", "flac", "ogg", "opus", "webm", "mka"]


@pytest.fixture
def sound(tmp_path: Path, ffmpeg: Ffmpeg) -> MakeClip:
    """Return a function that makes two seconds of a tone."""

    def make(name: str) -> Path:
        target = tmp_path / name
        ffmpeg("-f", "lavfi", "-i", "sine=f=440:d=2", target)
        return target

    return make


class TestProbeAudio:
    @pytest.mark.parametrize("extension", EXTENSIONS)
    def test_every_common_format_is_known(
        self, extension: str, sound: MakeClip, tools: Tools
    ) -> None:
        found = probe_audio(sound(f"tone.{extension}"), tools)
        assert found.duration_ms == pytest.approx(2000, abs=60)
        assert (found.audio.index, found.audio.channels) == (0, 1)

    def test_video_with_audio_is_accepted(self, clip: MakeClip, tools: Tools) -> None:
        found = probe_audio(clip("plain.mp4"), tools)
        assert (found.audio.index, found.audio.codec) == (1, "aac")

    def test_duration_is_measured_whatever_the_file_declares(
        self, sound: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        honest = sound("tone.wav").read_bytes()
        at = honest.index(b"data") + 4
        liar = tmp_path / "liar.wav"
        liar.write_bytes(honest[:at] + (2**31).to_bytes(4, "little") + honest[at + 4 :])
        assert probe_audio(liar, tools).duration_ms == pytest.approx(2000, abs=60)

    def test_probe_works_in_both_sandboxes(self, sound: MakeClip, each_sandbox: Tools) -> None:
        assert probe_audio(sound("tone.mp3"), each_sandbox).audio.codec.startswith("mp3")

    def test_file_without_audio_is_rejected(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
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
                probe_audio(file, tools)
