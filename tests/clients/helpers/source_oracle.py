"""One oracle that says what is wrong with the renditions of a source of any kind."""

import subprocess
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest

import av
import httpx2
import imageio_ffmpeg

from tests.clients.helpers.any_source import AnySource
from tests.clients.helpers.source_streams import Rendition, renditions

THUMBNAIL = 24, 24
MOST_DIFFERENT = 14.0
"""The most by which thumbnails differ at the mean that show the same: their codecs blur them."""
PLACES = (0.05, 0.5, 0.9)
TURNS = {90: "transpose=cclock", 180: "hflip,vflip", 270: "transpose=clock"}


def faults_of(client: httpx2.Client, source: AnySource, master_url: str) -> list[str]:
    """Return what is wrong with what is served of a source."""
    found = renditions(client, master_url)
    pictures = [each for each in found if not each.is_sound]
    lengths = [sum(each.lengths) for each in found]
    faults = [fault for each in found for fault in _faults_of_one(each)]
    if max(lengths) - min(lengths) > 0.1:
        faults.append(f"lengths differ: {lengths}")
    if abs(max(lengths) - source.expected_seconds) > 0.35:
        faults.append(f"lasts {max(lengths)}, not {source.expected_seconds}")
    if bool(source.audio) != any(each.is_sound for each in found):
        faults.append("sound is missing or made up")
    for each in pictures[1:]:
        pairs = zip_longest(each.starts, pictures[0].starts, fillvalue=-1.0)
        if any(abs(a - b) > 0.01 for a, b in pairs):
            faults.append(f"{each.name} is not aligned: {each.starts} {pictures[0].starts}")
    return [*faults, *_faults_of_pictures(source, pictures)]


def _faults_of_one(rendition: Rendition) -> list[str]:
    faults = []
    if len(rendition.lengths) > 1 and rendition.lengths[-1] < 0.5:
        faults.append(f"{rendition.name}: the last segment lasts {rendition.lengths[-1]}")
    if b"elst" in rendition.content[: rendition.head] or rendition.first_shown():
        faults.append(f"{rendition.name} does not begin at 0")
    if not rendition.segments_begin_with_key_frames():
        faults.append(f"{rendition.name}: a segment begins without a key frame")
    with rendition.open() as container:
        if not rendition.is_sound:
            context = next(container.decode(video=0))
            tags = context.color_primaries, context.color_trc, context.colorspace
            if 2 in map(int, tags):
                faults.append(f"{rendition.name} does not tell its colours")
    return faults


def _faults_of_pictures(source: AnySource, pictures: Sequence[Rendition]) -> Iterator[str]:
    """Compare what each rendition shows at some times with what the source showed then."""
    rate = Fraction(source.rate)
    times = [(int(source.seconds * place * rate) + 0.5) / float(rate) for place in PLACES]
    # Not every container and codec keeps the tags of colours.
    wanted = [_originals(source, matrix) for matrix in {source.matrix, source.usual_matrix}]
    steps = 4 if source.is_variable else 2 if rate > 30 else 1
    for each in pictures:
        for time, shown in zip(times, _thumbnails(each, times), strict=True):
            first = max(int(time * rate) - steps, 0)
            near = [one for drawn in wanted for one in drawn[first : first + 2 * steps + 1]]
            least = min(_difference(shown, other) for other in near)
            if least > MOST_DIFFERENT:
                yield f"{each.name} shows something else at {time:.2f}: {least:.1f}"


def _thumbnails(rendition: Rendition, times: Sequence[float]) -> list[bytes]:
    """Return the thumbnails, in RGB, that a player shows at these times, which rise."""
    found: list[bytes] = []
    with rendition.open() as container:
        last = None
        for frame in container.decode(video=0):
            while len(found) < len(times) and frame.time > times[len(found)] and last:
                found.append(_thumbnail(last))
            last = frame
        assert last is not None
        found += [_thumbnail(last)] * (len(times) - len(found))
    return found


def _thumbnail(frame: av.VideoFrame) -> bytes:
    matrix = "ITU709" if int(frame.colorspace) == 1 else "ITU601"
    small = frame.reformat(*THUMBNAIL, "rgb24", src_colorspace=matrix, interpolation="AREA")
    plane, width = small.planes[0], THUMBNAIL[0] * 3
    lines = bytes(plane)
    return b"".join(lines[at * plane.line_size :][:width] for at in range(THUMBNAIL[1]))


def _originals(source: AnySource, matrix: str) -> list[bytes]:
    """Return a thumbnail of each picture of a source, drawn again without any codec."""
    width, height = THUMBNAIL
    filters = [f"format=yuv420p,setparams=colorspace={matrix}:range=tv", TURNS.get(source.rotation)]
    filters += [f"scale={width}:{height}:flags=area:in_color_matrix={matrix}", "format=rgb24"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source.picture]
    command += ["-vf", ",".join(filter(None, filters)), "-f", "rawvideo", "pipe:1"]
    drawn = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    size = width * height * 3
    return [drawn[at : at + size] for at in range(0, len(drawn), size)]


def _difference(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
