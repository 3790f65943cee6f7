"""Videos of any kind are assembled into one: in order, to the frame, with one sound."""

from array import array
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import pytest
from colour_clips import BLUE, GREEN, RED, coloured, colours

from playout.transcode.encode.assembly import Piece, assemble
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_sound
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Limits, Tools


def assembled(
    files: list[Path], folder: Path, tools: Tools, narrations: dict[int, Path] | None = None
) -> tuple[Path, Probe]:
    out = folder / "out"
    out.mkdir()
    target = out / "whole.mp4"
    sounds = {at: probe_sound(file, tools) for at, file in (narrations or {}).items()}
    pieces = [Piece(file, probe(file, tools), sounds.get(at)) for at, file in enumerate(files)]
    assemble(pieces, target, tools, preset="ultrafast")
    return target, probe(target, tools)


def hertz(file: Path) -> list[int]:
    """The pitch of each tenth of a second: half as many changes of sign."""
    samples: list[float] = []
    with av.open(str(file)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48000)
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                samples += array("f", bytes(part.planes[0])[: part.samples * 4])
    tenths = [samples[at : at + 4800] for at in range(0, len(samples) - 4799, 4800)]
    return [sum((a < 0) != (b < 0) for a, b in pairwise(tenth)) * 5 for tenth in tenths]


class TestAssemble:
    def test_sizes_rates_and_sounds_become_one_in_order(self, tmp_path: Path, tools: Tools) -> None:
        files = [
            coloured(tmp_path, RED, "aac", "mp4"),
            coloured(tmp_path, GREEN),
            coloured(tmp_path, BLUE, "libopus"),
        ]
        target, found = assembled(files, tmp_path, tools)
        assert (found.video.width, found.video.height, found.video.fps) == (128, 72, 30)
        assert colours(target) == ["R"] * 30 + ["G"] * 21 + ["B"] * 15
        assert abs(found.duration_ms - 2200) <= 34
        assert found.audio is not None
        assert (found.audio.codec, found.audio.channels) == ("aac", 2)

    def test_without_any_sound_there_is_none(self, tmp_path: Path, tools: Tools) -> None:
        _, found = assembled([coloured(tmp_path, GREEN), coloured(tmp_path, RED)], tmp_path, tools)
        assert found.audio is None
        assert abs(found.duration_ms - 1700) <= 40

    def test_a_narration_is_heard_where_there_is_no_sound_and_to_its_end(
        self, tmp_path: Path, tools: Tools, ffmpeg: Callable[..., None]
    ) -> None:
        words = {0: tmp_path / "first.mp3", 1: tmp_path / "second.wav"}
        ffmpeg("-f", "lavfi", "-i", "sine=f=880:d=1.5", words[0])
        ffmpeg("-f", "lavfi", "-i", "sine=f=220:d=3", words[1])
        files = [coloured(tmp_path, GREEN), coloured(tmp_path, RED, "aac", "mp4")]
        target, found = assembled(files, tmp_path, tools, words)
        assert abs(found.duration_ms - 2500) <= 60
        seen = colours(target)
        assert seen.index("R") == pytest.approx(1.5 * 25, abs=2)
        pitch = hertz(target)
        assert (pitch[3], pitch[13]) == pytest.approx((880, 880), abs=20)
        assert (pitch[18], pitch[22]) == pytest.approx((440, 440), abs=20)

    def test_longer_than_the_most_is_refused(self, tmp_path: Path, tools: Tools) -> None:
        piece = Piece(file := coloured(tmp_path, RED), probe(file, tools))
        short = Tools(tools.ffmpeg, tools.version, tools.bubblewrap, Limits(duration_seconds=1))
        with pytest.raises(MediaRejected, match="longer"):
            assemble([piece, piece], tmp_path / "whole.mp4", short, preset="ultrafast")
