"""The pictures of a video: a poster in several sizes, a storyboard, a moving preview."""

import struct
from collections.abc import Callable
from math import ceil
from pathlib import Path

from playout.transcode.encode.ffmpeg import input_of, start_of
from playout.transcode.encode.filters import few_pictures
from playout.transcode.encode.ladder import fit
from playout.transcode.encode.tracks import run_on
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import POSTER, PREVIEW, STORYBOARD_IMAGE
from playout.transcode.pictures.first_poster import LONGEST_SIDE, NOT_BLACK
from playout.transcode.pictures.storyboard import COLUMNS, Storyboard, storyboard_of
from playout.transcode.sandbox.run import never
from playout.transcode.sandbox.tools import Tools

SIDES = (LONGEST_SIDE, 640, 320)
"""Pixels of the long side of a poster; one that is smaller is not made larger."""
WHOLE_MS = 60_000
"""Up to here all pictures are decoded to which others refer, for half the work of decoding every
one, unless key frames come as often as they are wanted; beyond, they tell enough of a video."""
NEARLY_AS_OFTEN = 1.1
"""A camera's thirty frames are a little more than a second, which shows in no storyboard."""
TYPICAL = "thumbnail=30"
PREVIEW_SECONDS, PREVIEW_FPS = 3, 8


def poster_name(side: int, end: str = "jpg") -> str:
    """The file of a poster whose long side has at most so many pixels: `jpg` or `webp`."""
    return f"{POSTER.removesuffix('.jpg')}{'' if side == LONGEST_SIDE else f'-{side}'}.{end}"


POSTERS = tuple(poster_name(side, end) for side in SIDES for end in ("jpg", "webp"))


def make_pictures(
    source: Path,
    before: Probe,
    folder: Path,
    tools: Tools,
    *,
    cancelled: Callable[[], bool] = never,
) -> Storyboard:
    """Make `POSTERS`, `STORYBOARD_IMAGE` and `PREVIEW` of `source` in `folder`.

    The poster is the most typical of some pictures that are not black; of a black video, a black
    one. Raises `MediaRejected`, `StorageFull`, `WorkCancelled`.
    """
    board = storyboard_of(before)
    # What most files skip well leaves nothing of some; and of a black video a black one will do.
    few = "nokey" if _keys_do(before, board) else "noref"
    most = "nokey" if before.duration_ms > WHOLE_MS else "none"
    for skipped, filters in ((few, f"{NOT_BLACK},{TYPICAL}"), (most, TYPICAL)):
        line = _stills(source.absolute(), before, board, filters, tools)
        line[line.index("-i") : line.index("-i")] = ["-skip_frame", skipped]
        run_on(source, folder, line, tools, on_line=_pass, cancelled=cancelled)
        if (folder / POSTERS[0]).stat().st_size:
            break
    line = _preview(source.absolute(), before, tools)
    run_on(source, folder, line, tools, on_line=_pass, cancelled=cancelled)
    if not all((folder / name).stat().st_size for name in (POSTERS[0], STORYBOARD_IMAGE, PREVIEW)):
        raise MediaRejected("Not one picture of this video can be decoded: the file is damaged.")
    return board


def _keys_do(before: Probe, board: Storyboard) -> bool:
    """Whether key frames alone tell enough: of a long video, or as often as the storyboard asks."""
    apart = before.video.keys_apart_ms
    often = apart is not None and apart <= board.seconds * 1000 * NEARLY_AS_OFTEN
    return often or before.duration_ms > WHOLE_MS


def posters_from(graph: str) -> list[str]:
    """Options that have ffmpeg write `POSTERS` of the picture that `graph` ends with."""
    ends = "".join(f"[p{number}]" for number in range(len(SIDES)))
    parts, outputs = [f"{graph},split={len(SIDES)}{ends}"], []
    for number, side in enumerate(SIDES):
        scale = f"scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease"
        scale += ":force_divisible_by=2,format=yuv420p,setsar=1"
        parts.append(f"[p{number}]{scale},split=2[j{number}][w{number}]")
        outputs += ["-map", f"[j{number}]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3"]
        outputs += ["-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{poster_name(side)}"]
        outputs += ["-map", f"[w{number}]", "-frames:v", "1", "-c:v", "libwebp", "-quality", "78"]
        outputs += ["-f", "webp", "-y", f"file:{poster_name(side, 'webp')}"]
    return ["-filter_complex", ";".join(parts), *outputs]


def size_of(webp: Path) -> tuple[int, int]:
    """Width and height of a WebP that was made here: lossy, without anything else in it."""
    with webp.open("rb") as file:
        head = file.read(30)
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _stills(source: Path, before: Probe, board: Storyboard, chosen: str, tools: Tools) -> list[str]:
    size = fit(before.video.width, before.video.height, LONGEST_SIDE)
    rows = ceil(board.count / COLUMNS)
    graph = (
        f"{few_pictures(before.video, f'1/{board.seconds}', size)},split=2[a][b];"
        f"[b]scale={board.width}:{board.height},tile={COLUMNS}x{rows}[board];[a]{chosen}"
    )
    return [
        *start_of(tools),
        *input_of(source, before.container, tools),
        *posters_from(graph),
        *("-map", "[board]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4"),
        *("-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", f"file:{STORYBOARD_IMAGE}"),
    ]


def _preview(source: Path, before: Probe, tools: Tools) -> list[str]:
    size = fit(before.video.width, before.video.height, SIDES[-1])
    # The end of a file that is cut short is declared, but not there.
    start = 0 if before.is_cut_short else before.duration_ms / 3000
    line = [*start_of(tools), *input_of(source, before.container, tools)]
    line[line.index("-i") : line.index("-i")] = [
        *("-ss", f"{start:.3f}", "-t", str(PREVIEW_SECONDS)),
    ]
    return [
        *line,
        *("-filter_complex", f"{few_pictures(before.video, PREVIEW_FPS, size)}[v]", "-map", "[v]"),
        *("-c:v", "libwebp_anim", "-quality", "45", "-compression_level", "2", "-loop", "0"),
        *("-pix_fmt", "yuv420p", "-f", "webp", "-y", f"file:{PREVIEW}"),
    ]


def _pass(_: str) -> None:
    """Its progress is nobody's business."""
