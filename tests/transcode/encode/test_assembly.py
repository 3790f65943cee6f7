"""Clips of any kind are assembled into one video: in order, exact to the frame."""

from array import array
from itertools import pairwise
from pathlib import Path

import av
import pytest

from playout.transcode.encode.assembly import Clip, assemble
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_audio
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Limits, Tools
from tests.helpers.colour_clips import BLUE, GREEN, RED, coloured, colours
from tests.transcode.helpers.clips import Ffmpeg

pytestmark = pytest.mark.slow


def assemble_files(
    files: list[Path], folder: Path, tools: Tools, narrations: dict[int, Path] | None = None
) -> tuple[Path, Probe]:
    """Return the assembled video and its probe. `narrations` are by the number of their clip."""
    out = folder / "out"
    out.mkdir()
    target = out / "whole.mp4"
    probes = {number: probe_audio(file, tools) for number, file in (narrations or {}).items()}
    clips = [
        Clip(file, probe(file, tools), probes.get(number)) for number, file in enumerate(files)
    ]
    assemble(clips, target, tools, preset="ultrafast")
    return target, probe(target, tools)


def hertz(file: Path) -> list[int]:
    """Return the pitch of each tenth of a second: half as many changes of sign."""
    samples: list[float] = []
    with av.open(str(file)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48000)
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                samples += array("f", bytes(part.planes[0])[: part.samples * 4])
    tenths = [samples[at : at + 4800] for at in range(0, len(samples) - 4799, 4800)]
    return [sum((a < 0) != (b < 0) for a, b in pairwise(tenth)) * 5 for tenth in tenths]


class TestAssemble:
    def test_clips_of_any_size_rate_and_audio_are_joined_in_order(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        files = [
            coloured(tmp_path, RED, "aac", "mp4"),
            coloured(tmp_path, GREEN),
            coloured(tmp_path, BLUE, "libopus"),
        ]
        target, found = assemble_files(files, tmp_path, tools)
        assert (found.video.width, found.video.height, found.video.fps) == (128, 72, 30)
        assert colours(target) == ["R"] * 30 + ["G"] * 21 + ["B"] * 15
        assert abs(found.duration_ms - 2200) <= 34
        assert found.audio is not None
        assert (found.audio.codec, found.audio.channels) == ("aac", 2)

    def test_silent_clips_become_a_silent_video(self, tmp_path: Path, tools: Tools) -> None:
        _, found = assemble_files(
            [coloured(tmp_path, GREEN), coloured(tmp_path, RED)], tmp_path, tools
        )
        assert found.audio is None
        assert abs(found.duration_ms - 1700) <= 40

    def test_narration_is_played_to_its_end_where_a_clip_is_silent(
        self, tmp_path: Path, tools: Tools, ffmpeg: Ffmpeg
    ) -> None:
        narrations = {0: tmp_path / "first.mp3", 1: tmp_path / "second.wav"}
        ffmpeg("-f", "lavfi", "-i", "sine=f=880:d=1.5", narrations[0])
        ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=3", narrations[1])
        files = [coloured(tmp_path, GREEN), coloured(tmp_path, RED, "aac", "mp4")]
        target, found = assemble_files(files, tmp_path, tools, narrations)
        assert abs(found.duration_ms - 2500) <= 60
        seen = colours(target)
        assert seen.index("R") == pytest.approx(1.5 * 25, abs=2)
        pitch = hertz(target)
        assert (pitch[3], pitch[13]) == pytest.approx((880, 880), abs=20)
        assert (pitch[18], pitch[22]) == pytest.approx((440, 440), abs=20)

    def test_clips_that_are_too_long_together_are_rejected(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        clip = Clip(file := coloured(tmp_path, RED), probe(file, tools))
        short = Tools(tools.ffmpeg, tools.version, tools.bubblewrap, Limits(duration_seconds=1))
        with pytest.raises(MediaRejected, match="longer"):
            assemble([clip, clip], tmp_path / "whole.mp4", short, preset="ultrafast")
