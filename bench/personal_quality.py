"""VMAF of touched segments beside the base's own: `python -m bench.personal_quality` prints it.

Both are compared with the source, at the size of the rendition. Without letters the lines say what
the picture loses because a segment is encoded again. With letters the source has them, too, and the
base gets them after it was decoded, as in a browser: without loss. Of such pictures VMAF is high,
because it is that of sharp edges above all.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import av

from bench.clips import CALM, PICTURE, natural
from bench.measure import Result
from playout.compose.layers import layer_at
from playout.compose.manifest.model import read_manifest
from playout.transcode.encode.ladder import ladder_for
from playout.transcode.inspect.probe import probe
from playout.transcode.personal.base import Base, BaseTrack, encode_base, frames_of_segments
from playout.transcode.personal.composite import draw_over, layer_planes
from playout.transcode.personal.headers import read_header
from playout.transcode.personal.pictures import Pictures, Place
from playout.transcode.personal.segment import Drawn, render_segment
from playout.transcode.trial import find_tools

SECONDS, RANGE = 3, (0.5, 2.5)
NAMES = ("1080p", "480p")
MOST_LOST = 2.0
CLIPS = {"grain": PICTURE, "calm": CALM}
LayerOf = Callable[[int], Drawn | None]


def personal_quality(folder: Path) -> Iterator[Result]:
    """Yield what each rendition of each clip loses of its VMAF."""
    tools = find_tools()
    for clip, picture in CLIPS.items():
        source, out = folder / f"{clip}.mp4", folder / clip
        natural(source, "1920x1080", SECONDS, picture=picture)
        out.mkdir()
        found = probe(source, tools)
        rungs = [rung for rung in ladder_for(found.video) if rung.name in NAMES]
        base = encode_base(source, found, [RANGE], out, tools, rungs=rungs)
        for rendition in base.renditions:
            for kind, layer_of in (("", _no_layer), (", letters", _letters(rendition.pictures))):
                title = f"VMAF lost, {clip}, {rendition.track.name}{kind}"
                yield _judged(title, base, rendition, source, folder, layer_of)


def _judged(
    name: str, base: Base, rendition: BaseTrack, source: Path, folder: Path, layer_of: LayerOf
) -> Result:
    pictures, fragments = rendition.pictures, rendition.track.fragments
    content = rendition.track.file.read_bytes()
    head = content[: fragments.init_end]
    numbers = [number for number, cut in enumerate(base.cuts) if cut.is_touched]
    spans = list(pairwise(accumulate(fragments.sizes, initial=fragments.index_end)))
    frames = frames_of_segments(fragments, pictures.fps)
    places = [Place(number, *frames[number]) for number in numbers]
    shared, drawn = folder / "shared.mp4", folder / "drawn.mp4"
    shared.write_bytes(head + b"".join(content[slice(*spans[number])] for number in numbers))
    mezzanines = zip(places, _mezzanines(rendition), strict=True)
    drawn.write_bytes(
        head
        + b"".join(
            fragment
            for place, mezzanine in mezzanines
            for fragment in render_segment(pictures, read_header(head), place, mezzanine, layer_of)
        )
    )
    first, last = places[0].first_frame, places[-1].first_frame + places[-1].frames
    reference = _drawn(source, range(first, last), pictures, layer_of, folder / "reference.yuv")
    overlaid = _drawn(shared, range(last - first), pictures, layer_of, folder / "base.yuv", first)
    decoded = _drawn(drawn, range(last - first), pictures, _no_layer, folder / "drawn.yuv")
    sizes = [file.stat().st_size - len(head) for file in (drawn, shared)]
    scores = [_vmaf(each, pictures, reference, folder) for each in (overlaid, decoded)]
    means = [sum(each) / len(each) for each in scores]
    of_base, of_touched = (
        f"{mean:.1f} (worst picture {min(each):.1f})"
        for mean, each in zip(means, scores, strict=True)
    )
    detail = f"{of_touched} beside {of_base} of the base, {sizes[0] / sizes[1]:.2f} of its bytes"
    aim = MOST_LOST if layer_of is _no_layer else None
    return Result(name, means[0] - means[1], aim, "points", detail)


def _no_layer(_frame: int) -> None:
    """Draw nothing."""


def _letters(pictures: Pictures) -> LayerOf:
    place = {"x": 0.1, "y": 0.55, "width": 0.6, "height": 0.3, "start": RANGE[0], "end": RANGE[1]}
    element = {"id": "name", "type": "text", "text": "For {{name}}", "size": 0.1, **place}
    fields = {"name": {"type": "text"}}
    manifest = read_manifest({"version": 1, "fields": fields, "elements": [element]})
    size = pictures.width, pictures.height
    values = {"name": "Ada Lovelace"}
    return lambda frame: layer_at(manifest, values, float(frame / pictures.fps), *size)


def _mezzanines(rendition: BaseTrack) -> Iterator[bytes]:
    fragments = rendition.mezzanine_fragments
    assert rendition.mezzanine
    assert fragments
    content = rendition.mezzanine.read_bytes()
    for start, end in pairwise(accumulate(fragments.sizes, initial=fragments.index_end)):
        yield content[: fragments.init_end] + content[start:end]


def _drawn(
    film: Path, frames: range, pictures: Pictures, layer_of: LayerOf, target: Path, first: int = 0
) -> Path:
    """Write frames of a film at the size of a rendition, drawn over. Its first one is `first`."""
    with av.open(str(film)) as container, target.open("wb") as out:
        for number, decoded in enumerate(container.decode(video=0)):
            if number not in frames:
                continue
            size = {"width": pictures.width, "height": pictures.height}
            frame = decoded.reformat(**size, format="yuv420p", interpolation="BICUBIC")
            planes = frame.to_ndarray().copy()
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            layer = layer_of(first + number)
            if layer:
                draw_over(frame, layer_planes(layer.box, layer.rgba, pictures.colours[2]))
            out.write(frame.to_ndarray().tobytes())
    return target


def _vmaf(made: Path, pictures: Pictures, reference: Path, folder: Path) -> list[float]:
    """Return the score of each picture."""
    log, size = folder / "vmaf.json", f"{pictures.width}x{pictures.height}"
    line = [str(find_tools().ffmpeg), "-v", "error", "-nostdin"]
    for file in (made, reference):
        line += ["-f", "rawvideo", "-s", size, "-r", "25", "-i", str(file)]
    graph = f"[0:v][1:v]libvmaf=log_fmt=json:log_path={log}"
    subprocess.run([*line, "-lavfi", graph, "-f", "null", "-"], check=True)
    return [frame["metrics"]["vmaf"] for frame in json.loads(log.read_text())["frames"]]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        for each in personal_quality(Path(name)):
            sys.stdout.write(f"{each.name}: {each.ratio:.1f} ({each.detail})\n")
            sys.stdout.flush()
