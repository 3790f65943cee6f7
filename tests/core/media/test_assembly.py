"""Videos of any kind are assembled into one: in order, to the frame, with one sound."""

from pathlib import Path

import pytest
from colour_clips import BLUE, GREEN, RED, coloured, colours

from playout.core.media.assembly import Piece, assemble
from playout.core.media.errors import MediaRejected
from playout.core.media.probe import Probe, probe
from playout.core.media.tools import Limits, Tools


def assembled(files: list[Path], folder: Path, tools: Tools) -> tuple[Path, Probe]:
    out = folder / "out"
    out.mkdir()
    target = out / "whole.mp4"
    assemble([Piece(file, probe(file, tools)) for file in files], target, tools, preset="ultrafast")
    return target, probe(target, tools)


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

    def test_longer_than_the_most_is_refused(self, tmp_path: Path, tools: Tools) -> None:
        piece = Piece(file := coloured(tmp_path, RED), probe(file, tools))
        short = Tools(tools.ffmpeg, tools.version, tools.bubblewrap, Limits(duration_seconds=1))
        with pytest.raises(MediaRejected, match="longer"):
            assemble([piece, piece], tmp_path / "whole.mp4", short, preset="ultrafast")
