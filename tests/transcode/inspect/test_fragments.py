"""The layout of fragmented MP4s, and codec strings compared with those of ffmpeg itself."""

import re
import subprocess
from pathlib import Path

import pytest

from playout.transcode.encode.tracks import Track
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.fragments import read_fragments
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import MakeClip
from tests.transcode.helpers.tracks import make_package

pytestmark = pytest.mark.slow


def codec_strings_of_ffmpeg(folder: Path, tools: Tools, tracks: list[Track]) -> list[str]:
    inputs = [part for track in tracks for part in ("-i", track.file)]
    kinds = ["a" if track.name == "audio" else "v" for track in tracks]
    maps = [part for number, kind in enumerate(kinds) for part in ("-map", f"{number}:{kind}:0")]
    streams = ",".join(f"{kind}:0" for kind in kinds)
    subprocess.run(
        [
            *(tools.ffmpeg, "-v", "error", "-y", *inputs, *maps, "-c", "copy", "-f", "hls"),
            *("-hls_segment_type", "fmp4", "-master_pl_name", "master.m3u8"),
            *("-var_stream_map", streams),
            folder / "%v.m3u8",
        ],
        check=True,
        cwd=folder,
    )
    found = re.search(r'CODECS="([^"]+)"', (folder / "master.m3u8").read_text())
    assert found
    return found[1].split(",")


class TestCodecString:
    @pytest.mark.parametrize("name", ["plain.mp4", "vertical.mp4"])
    def test_codec_string_is_that_of_ffmpeg(
        self, name: str, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        folder = tmp_path / name.removesuffix(".mp4")
        folder.mkdir()
        tracks = make_package(clip(name), folder, tools).tracks
        expected = codec_strings_of_ffmpeg(folder, tools, tracks)
        assert [track.fragments.codecs for track in tracks] == expected

    @pytest.mark.parametrize(
        ("name", "codecs"),
        [("av1.mp4", ["av01.0.00M.08"]), ("hevc-opus.mkv", ["hvc1.1.6.L60.90", "opus"])],
    )
    def test_codec_string_of_a_codec_that_ffmpeg_does_not_name(
        self, name: str, codecs: list[str], clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        tracks = make_package(clip(name), job, tools).tracks
        assert [track.fragments.codecs for track in tracks] == codecs


class TestReadFragments:
    @pytest.mark.parametrize("content", [b"", bytes(99), b"\0\0\0\x08ftyp", b"\0\0\0\x10sidx" * 9])
    def test_file_that_is_no_track_is_rejected(self, content: bytes, tmp_path: Path) -> None:
        file = tmp_path / "file.mp4"
        file.write_bytes(content)
        with pytest.raises(MediaRejected):
            read_fragments(file)
