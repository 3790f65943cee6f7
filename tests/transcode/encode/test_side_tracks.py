"""Tracks beside the main ones: empty and short ones take nothing from the others."""

from pathlib import Path

import pytest

from playout.transcode.encode.more_audio import encode_more_audio
from playout.transcode.encode.subtitles import extract_captions
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import AAC, H264, PICTURE, SOUND, Ffmpeg

pytestmark = pytest.mark.slow
SRT = "1\n00:00:00,100 --> 00:00:01,000\nHi\n"
MAPS = ("0:v", "1:a", "1:a", "2:a", "3:s", "3:s")


@pytest.fixture
def source(ffmpeg: Ffmpeg, tools: Tools, tmp_path: Path) -> tuple[Path, Probe]:
    """Return a source of 2 s: one audio track lasts half of it, one and a subtitle are empty."""
    text, path = tmp_path / "text.srt", tmp_path / "tracks.mkv"
    text.write_text(SRT)
    half = ("-f", "lavfi", "-i", "sine=f=880:d=1")
    maps = [option for each in MAPS for option in ("-map", each)]
    empty = ("-bsf:a:1", "noise=drop=1", "-bsf:s:1", "noise=drop=1")
    ffmpeg(*PICTURE, *SOUND, *half, "-i", text, *maps, *H264, *AAC, "-c:s", "srt", *empty, path)
    return path, probe(path, tools)


def test_each_audio_track_lasts_as_long_as_the_video(
    source: tuple[Path, Probe], tools: Tools, tmp_path: Path
) -> None:
    folder = tmp_path / "audio"
    folder.mkdir()
    tracks = encode_more_audio(*source, (), folder, tools)
    assert [track.name for track in tracks][-1] == "audio-3"
    assert all(track.fragments.seconds == pytest.approx(2.0, abs=0.05) for track in tracks)


def test_audio_that_is_there_already_is_not_made_again(
    source: tuple[Path, Probe], tools: Tools, tmp_path: Path
) -> None:
    assert encode_more_audio(*source, {"audio-2", "audio-3"}, tmp_path, tools) == []


def test_empty_subtitles_are_named_in_a_note_and_the_others_are_kept(
    source: tuple[Path, Probe], tools: Tools, tmp_path: Path
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    found = extract_captions(*source, folder, tools)
    assert [each.cues.cue_count for each in found.captions] == [1]
    assert found.notes == ["Subtitles are left out. There is no text in them."]
