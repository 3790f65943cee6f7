"""A copy keeps what its source says of spherical and stereoscopic pictures."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from playout.transcode.encode.picture_copy import copied_video_options
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip
from tests.transcode.helpers.probes import with_video
from tests.transcode.helpers.tracks import make_package

pytestmark = pytest.mark.slow
ENTRY = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1")


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


EQUIRECTANGULAR = box(b"proj", box(b"prhd", bytes(16)) + box(b"equi", bytes(20)))
SPHERICAL = box(b"sv3d", box(b"svhd", bytes(4) + b"camera\0") + EQUIRECTANGULAR)
TOP_AND_BOTTOM = box(b"st3d", bytes(4) + b"\x01")


def with_boxes(file: bytes, boxes: bytes) -> bytes:
    """Return an MP4, whose index is behind its media data, with boxes added to its picture."""
    changed, position, end = bytearray(file), 0, 0
    for name in ENTRY:
        while file[position + 4 : position + 8] != name:
            position += int.from_bytes(file[position : position + 4], "big")
        size = int.from_bytes(file[position : position + 4], "big")
        changed[position : position + 4] = (size + len(boxes)).to_bytes(4, "big")
        end, position = position + size, position + (16 if name == b"stsd" else 8)
    return bytes(changed[:end] + boxes + changed[end:])


def test_spherical_and_stereo_boxes_are_in_the_mp4_and_in_the_copy_within(
    clip: MakeClip, tools: Tools, tmp_path: Path
) -> None:
    source = tmp_path / "panorama.mp4"
    source.write_bytes(with_boxes(clip("silent.mp4").read_bytes(), TOP_AND_BOTTOM + SPHERICAL))
    folder = tmp_path / "out"
    folder.mkdir()
    make_package(source, folder, tools)
    content = (folder / "video.mp4").read_bytes()
    assert content.count(b"sv3d") == 2
    assert content.count(TOP_AND_BOTTOM) == 2


def test_dolby_vision_is_left_out_of_the_copy(
    clip: MakeClip, tools: Tools, tmp_path: Path, ffmpeg: Ffmpeg
) -> None:
    dolby = with_video(codec="hevc", has_dolby_vision=True)
    options = copied_video_options(dolby)
    assert options[options.index("-bsf:v") + 1].startswith("dovi_rpu=strip=1,")
    plain = probe(clip("hevc.mp4"), tools)
    marked = replace(plain, video=replace(plain.video, has_dolby_vision=True))
    options = copied_video_options(marked)
    ffmpeg("-i", clip("hevc.mp4"), *options, tmp_path / "base.mp4")
    assert probe(tmp_path / "base.mp4", tools).video.codec == "hevc"
