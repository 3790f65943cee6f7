"""Films of single viewers: one viewer beside encoding the whole film, and how soon it begins.

`python -m bench.personal` prints these lines alone. The film is a minute of 1080p, and something is
drawn over six seconds of it. CPU seconds are those of all processes.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import psutil

from bench.clips import natural, repeated
from bench.encoding_cost import cpu_seconds
from bench.measure import Result
from playout.compose.rendering.pool import Renderers, SegmentJob, Template
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.probe import probe
from playout.transcode.personal.base import BaseTrack, encode_base, frames_of_segments
from playout.transcode.personal.cuts import Cut
from playout.transcode.personal.pictures import Place
from playout.transcode.personal.segment import PRESET, crf_of
from playout.transcode.sandbox.tools import Tools
from playout.transcode.trial import find_tools

SECONDS, ROUNDS = 60, 5
RANGES = ((4.0, 6.0), (24.0, 26.0), (50.0, 52.0))
NAMES = ("1080p", "480p")
CPU_AIM, FIRST_AIMS, FILTER_AIM = 0.10, {"1080p": 0.5, "480p": 0.2}, 0.95


class Viewer:
    """Somebody who plays a rendition, and the process that renders for them."""

    def __init__(self, rendition: BaseTrack, cuts: list[Cut], renderers: Renderers) -> None:
        self._rendition, self._renderers = rendition, renderers
        self.touched = [number for number, cut in enumerate(cuts) if cut.is_touched]
        fragments, mezzanine = rendition.track.fragments, rendition.mezzanine_fragments
        assert rendition.mezzanine
        assert mezzanine
        self._head = rendition.track.file.read_bytes()[: fragments.init_end]
        content = rendition.mezzanine.read_bytes()
        ends = accumulate(mezzanine.sizes, initial=mezzanine.index_end)
        head = content[: mezzanine.init_end]
        self.mezzanines = [head + content[a:b] for a, b in pairwise(ends)]
        frames = frames_of_segments(fragments, rendition.pictures.fps)
        self._places = [Place(number, *each) for number, each in enumerate(frames)]

    def render(self, index: int, name: str) -> Iterator[bytes]:
        """Render a touched segment, numbered from 0."""
        return self._renderers.render(
            SegmentJob(
                _template(),
                {"name": name},
                self._rendition.pictures,
                self._places[self.touched[index]],
                self._head,
                self.mezzanines[index],
            )
        )


def personal(folder: Path) -> Iterator[Result]:
    """Yield the CPU of one viewer, and how soon touched segments begin and are there."""
    # The kernel does not add up the CPU of what ended within bubblewrap.
    tools = replace(find_tools(), bubblewrap=None)
    short = natural(folder / "personal-15.mp4", "1920x1080", 15)
    source = repeated(short, folder / "personal.mp4", SECONDS // 15)
    out = folder / "personal"
    out.mkdir()
    found = probe(source, tools)
    rungs = [rung for rung in ladder_for(found.video) if rung.name in NAMES]
    base = encode_base(source, found, RANGES, out, tools, rungs=rungs)
    renderers = Renderers(lambda: tools, 1)
    try:
        for rendition in reversed(base.renditions):
            viewer = Viewer(rendition, base.cuts, renderers)
            for _ in viewer.render(0, "Nobody"):
                pass  # the process has started then, and its fonts are open
            if rendition.track.name == NAMES[0]:
                yield _cpu_of_viewer(viewer, renderers, source, rendition, tools)
                yield _beside_filter(viewer, renderers, rendition, folder, tools)
            yield from _how_soon(viewer, rendition)
    finally:
        renderers.close()


def _cpu_of_viewer(
    viewer: Viewer, renderers: Renderers, source: Path, rendition: BaseTrack, tools: Tools
) -> Result:
    def play() -> None:
        for index in range(len(viewer.mezzanines)):
            for _ in viewer.render(index, "Ada Lovelace"):
                pass

    ours = _cpu(renderers, play)
    bare = _cpu(renderers, lambda: _overlay(source, rendition, tools))
    detail = (
        f"{ours:.1f} CPU seconds for one viewer beside {bare:.1f} s for the film of {SECONDS} s"
    )
    return Result("CPU of one viewer, 1080p", ours / bare, CPU_AIM, "of bare", detail)


def _beside_filter(
    viewer: Viewer, renderers: Renderers, rendition: BaseTrack, folder: Path, tools: Tools
) -> Result:
    file = folder / "one-segment.mp4"
    ours, bare = [], []
    for index in range(ROUNDS):
        file.write_bytes(viewer.mezzanines[index])
        ours.append(_cpu(renderers, lambda index=index: list(viewer.render(index, f"Bea {index}"))))
        bare.append(_cpu(renderers, lambda: _overlay(file, rendition, tools)))
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    detail = (
        f"{statistics.median(ours):.2f} CPU seconds beside {statistics.median(bare):.2f} s of"
        f" ffmpeg with its filter overlay, {ROUNDS} rounds"
    )
    return Result("touched segment, 1080p", ratio, FILTER_AIM, "of bare", detail)


def _how_soon(viewer: Viewer, rendition: BaseTrack) -> Iterator[Result]:
    first, whole = [], []
    for index in range(ROUNDS):
        started = time.perf_counter()
        fragments = viewer.render(index, f"Grace {index}")
        next(fragments)
        first.append(time.perf_counter() - started)
        for _ in fragments:
            pass
        whole.append(time.perf_counter() - started)
    name = rendition.track.name
    detail = f"half a second of film, one process, median of {ROUNDS}"
    yield Result(f"first pictures, {name}", statistics.median(first), FIRST_AIMS[name], "s", detail)
    yield Result(f"whole segment, {name}", statistics.median(whole), None, "s", detail)


def _overlay(source: Path, rendition: BaseTrack, tools: Tools) -> None:
    """Encode a film with ffmpeg, with a picture of the same size over it."""
    pictures = rendition.pictures
    picture = f"color=c=white@0.5:s={pictures.width // 2}x{pictures.height // 5}:r=1,format=rgba"
    between = "+".join(f"between(t,{start},{end})" for start, end in RANGES)
    line: list[Any] = [
        *(tools.ffmpeg, "-v", "error", "-nostdin", "-i", source, "-f", "lavfi", "-i", picture),
        *("-filter_complex", f"[0:v][1:v]overlay=x=192:y=216:shortest=1:enable='{between}'"),
        *("-c:v", "libx264", "-preset", PRESET, "-crf", str(crf_of(pictures))),
        *("-maxrate", str(pictures.max_bitrate), "-bufsize", str(pictures.buffer_bits)),
        *("-an", "-f", "null", "-"),
    ]
    subprocess.run(line, check=True)


def _cpu(renderers: Renderers, work: Callable[[], object]) -> float:
    """Return the CPU seconds of this process, of those that it started, and of the renderers."""
    before = cpu_seconds() + _of_renderers(renderers)
    work()
    return cpu_seconds() + _of_renderers(renderers) - before


def _of_renderers(renderers: Renderers) -> float:
    seconds = 0.0
    for pid in renderers.pids:
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


def _template() -> Template:
    elements = [
        {
            **{"id": f"name{number}", "type": "text", "text": "For {{name}}", "size": 0.1},
            **{"x": 0.1, "y": 0.2, "width": 0.5, "height": 0.2, "start": start, "end": end},
            "enter": {"kind": "fade", "seconds": 0.3},
        }
        for number, (start, end) in enumerate(RANGES)
    ]
    fields = {"name": {"type": "text", "required": True}}
    return Template("bench", {"version": 1, "fields": fields, "elements": elements}, {})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        for each in personal(Path(name)):
            aim = "no aim" if each.aim is None else f"aim {each.aim:g}"
            sys.stdout.write(f"{each.name}: {each.ratio:.3f} {each.unit}, {aim} ({each.detail})\n")
            sys.stdout.flush()
