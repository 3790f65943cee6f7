"""One touched segment, drawn for somebody: decoded, drawn over and encoded, in this process.

Its pictures come from the mezzanine: better than the base's own, which have lost twice. They are
encoded so that the initialization segment of the base fits them.
"""

from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any, Protocol

import av

from playout.transcode.errors import MediaRejected
from playout.transcode.personal.composite import LayerPlanes, draw_over, layer_planes
from playout.transcode.personal.fragments import Sample, as_sample_data, fragment
from playout.transcode.personal.headers import Header, annex_b_units
from playout.transcode.personal.pictures import Pictures, Place

CHUNK_FRAMES = 4
"""The pictures of one fragment: the first ones leave before the last ones are encoded."""
PRESET = "superfast"
"""It makes the same parameter sets as the preset of the base, other than quicker ones."""
SMALL = 480
"""The shorter side, in pixels, of the largest rendition that counts as a small one."""
_YUV420 = "yuv420p"
_GLOBAL_HEADER = 1 << 22
_LIMITED_RANGE = 1
_KEPT_LAYERS = 8
_NOT_ANALYZED = {"analyzeduration": "1", "probesize": "32"}
"""Its header says all. To analyze it as well would decode a third of its pictures twice."""


class Drawn(Protocol):
    """A layer: pixels in a box, and the digest of both."""

    @property
    def box(self) -> tuple[int, int, int, int]: ...
    @property
    def rgba(self) -> bytes: ...
    @property
    def digest(self) -> str: ...


def render_segment(
    pictures: Pictures,
    header: Header,
    place: Place,
    mezzanine: bytes,
    layer_of: Callable[[int], Drawn | None],
    *,
    threads: int = 1,
) -> Iterator[bytes]:
    """Yield the fragments of a segment, each as soon as its pictures are encoded.

    `header` is that of the base, `mezzanine` an MP4 of the frames of this segment alone, and
    `layer_of` returns what is drawn over the frame of that number in the film. Raise
    `MediaRejected` if the frames are not as many as the place has, or if the base's initialization
    segment would not fit.
    """
    encoder = _encoder(pictures, threads)
    encoder.open()
    if _parameter_sets(encoder) != header.parameter_sets:
        raise MediaRejected("The encoder makes other pictures than the film has.")
    frames = _drawn_frames(pictures, place, mezzanine, layer_of, threads=threads)
    yield from _fragments(header, place, pictures, _packets(encoder, frames))


def crf_of(pictures: Pictures) -> int:
    """Return the crf of rendered segments: this preset needs more bytes for the same quality.

    With 3 more than the base has, small renditions would lose three points of VMAF
    (`bench/personal_quality.py`); large ones lose nothing.
    """
    is_small = min(pictures.width, pictures.height) <= SMALL
    return pictures.crf + (2 if is_small else 3)


def _encoder(pictures: Pictures, threads: int) -> Any:
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = pictures.width, pictures.height, _YUV420
    encoder.time_base, encoder.framerate = 1 / pictures.fps, pictures.fps
    encoder.sample_aspect_ratio = Fraction(1)
    encoder.color_primaries, encoder.color_trc, encoder.colorspace = pictures.colours
    encoder.color_range = _LIMITED_RANGE
    encoder.flags |= _GLOBAL_HEADER
    encoder.thread_count = threads
    group = pictures.longest_group
    # Without looking ahead, a choice of the kinds of pictures costs a tenth, and gains nothing.
    encoder.options = {
        "preset": PRESET,
        "profile": "high",
        "crf": str(crf_of(pictures)),
        "maxrate": str(pictures.max_bitrate),
        "bufsize": str(pictures.buffer_bits),
        "x264-params": f"stitchable=1:keyint={group}:min-keyint=1:scenecut=0:b-adapt=0",
    }
    return encoder


def _parameter_sets(encoder: Any) -> tuple[bytes, ...]:
    units = annex_b_units(bytes(encoder.extradata))
    return tuple(unit for unit in units if unit[0] & 0x1F in {7, 8})


def _drawn_frames(
    pictures: Pictures,
    place: Place,
    mezzanine: bytes,
    layer_of: Callable[[int], Drawn | None],
    *,
    threads: int,
) -> Iterator[Any]:
    planes = _Planes(pictures.colours[2])
    count = 0
    opened: Any = av.open(BytesIO(mezzanine), format="mov", options=_NOT_ANALYZED)
    with opened as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = threads
        for number, frame in enumerate(container.decode(stream)):
            count += 1
            layer = layer_of(place.first_frame + number)
            if layer is not None:
                # A copy, as long as later pictures are decoded from this one.
                frame.make_writable()
                draw_over(frame, planes.of(layer))
            frame.pts, frame.time_base, frame.pict_type = number, 1 / pictures.fps, 0
            frame.colorspace, frame.color_range = pictures.colours[2], _LIMITED_RANGE
            yield frame
    if count != place.frames:
        raise MediaRejected("A segment of the film has another number of pictures than it needs.")


class _Planes:
    """The last layers in the form that drawing needs: a layer that rests is turned into it once."""

    def __init__(self, matrix: int) -> None:
        self._matrix = matrix
        self._kept: dict[str, LayerPlanes] = {}

    def of(self, layer: Drawn) -> LayerPlanes:
        if layer.digest not in self._kept:
            if len(self._kept) >= _KEPT_LAYERS:
                self._kept.clear()
            self._kept[layer.digest] = layer_planes(layer.box, layer.rgba, self._matrix)
        return self._kept[layer.digest]


def _packets(encoder: Any, frames: Iterator[Any]) -> Iterator[Any]:
    for frame in frames:
        yield from encoder.encode(frame)
    yield from encoder.encode(None)


def _fragments(
    header: Header, place: Place, pictures: Pictures, packets: Iterator[Any]
) -> Iterator[bytes]:
    ticks = _ticks_of_frame(header, pictures)
    waiting: deque[Sample] = deque()
    numbers = 0
    for packet in packets:
        waiting.append(_sample(packet, place.first_frame, ticks, numbers))
        numbers += 1
        if len(waiting) > CHUNK_FRAMES:
            samples = [waiting.popleft() for _ in range(CHUNK_FRAMES)]
            yield fragment(header.track_id, place.number + 1, samples, waiting[0].decoded_at)
    if numbers != place.frames:
        raise MediaRejected("The encoder left a picture out.")
    last = waiting[-1].decoded_at + ticks
    yield fragment(header.track_id, place.number + 1, list(waiting), last)


def _sample(packet: Any, first_frame: int, ticks: int, number: int) -> Sample:
    decoded_at = (first_frame + packet.dts) * ticks
    if first_frame == 0:
        # The base begins at 0 without an edit list: `video_from_zero` moves its first pictures so.
        decoded_at = max(decoded_at, number) if number else 0
    shown_at = (first_frame + packet.pts) * ticks
    return Sample(as_sample_data(bytes(packet)), decoded_at, shown_at, bool(packet.is_keyframe))


def _ticks_of_frame(header: Header, pictures: Pictures) -> int:
    ticks = header.timescale / pictures.fps
    if ticks.denominator != 1:
        raise MediaRejected("The film's times are not those of its pictures.")
    return ticks.numerator
