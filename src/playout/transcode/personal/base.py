"""The base of a personal film: what all viewers share, and what is drawn over for each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playout.transcode.encode.encode import EncodeRequest, encode, longest_group
from playout.transcode.encode.ladder import Rung, ladder_for
from playout.transcode.encode.tracks import Track
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.inspect.probe import Probe
from playout.transcode.personal.cuts import Cut, cuts_for, scene_edges
from playout.transcode.personal.mezzanine import encode_mezzanine
from playout.transcode.personal.pictures import Pictures
from playout.transcode.personal.sound import cut_sound
from playout.transcode.sandbox.run import never_cancelled
from playout.transcode.sandbox.tools import Tools

BASE_PRESET = "veryfast"
"""Slower and quicker presets make other parameter sets than those of rendered segments."""


@dataclass(frozen=True, slots=True)
class BaseTrack:
    """A rendition of the base, and its mezzanine."""

    track: Track
    pictures: Pictures
    mezzanine: Path | None
    """None if nothing is drawn over the film, as for `mezzanine_fragments`."""
    mezzanine_fragments: Fragments | None


@dataclass(frozen=True, slots=True)
class Base:
    """The files of a base."""

    cuts: list[Cut]
    renditions: list[BaseTrack]
    audio: Track | None


def encode_base(
    source: Path,
    probe: Probe,
    ranges: Sequence[tuple[float, float]],
    folder: Path,
    tools: Tools,
    *,
    scenes: Sequence[tuple[float, float]] = (),
    rungs: Sequence[Rung] = (),
    on_progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = never_cancelled,
) -> Base:
    """Encode `source` into the empty `folder`, with key frames where something may be drawn.

    `ranges` are the seconds in which that is, `scenes` those that some viewers do not see, and
    `rungs` the renditions, by default those of the source's ladder. Raise `MediaRejected`,
    `StorageFull` or `WorkCancelled`.
    """
    rungs = rungs or ladder_for(probe.video)
    seconds = Fraction(probe.duration_ms, 1000)
    cuts = cuts_for(seconds, ranges, [rung.fps for rung in rungs], scenes)
    request = EncodeRequest(
        rungs=rungs,
        encode_audio=True,
        preset=BASE_PRESET,
        cuts=[float(cut.start) for cut in cuts[1:]] or [probe.seconds + 1],
        is_stitchable=True,
    )
    result = encode(
        source, probe, request, folder, tools, on_progress=on_progress, cancelled=cancelled
    )
    videos, audio = result.tracks[: len(rungs)], result.tracks[len(rungs) :]
    for track, rung in zip(videos, rungs, strict=True):
        _check_cuts(track, rung, cuts)
    mezzanines: list[tuple[Path, Fragments]] = []
    if any(cut.is_touched for cut in cuts):
        mezzanines = encode_mezzanine(
            source, probe, folder, tools, rungs=rungs, cuts=cuts, cancelled=cancelled
        )
    renditions = [
        BaseTrack(
            track, pictures_of(rung, probe), *(mezzanines[number] if mezzanines else (None,) * 2)
        )
        for number, (track, rung) in enumerate(zip(videos, rungs, strict=True))
    ]
    edges = scene_edges(cuts, scenes)
    sound = [cut_sound(each, edges) for each in audio] if edges else audio
    return Base(cuts, renditions, sound[0] if sound else None)


def pictures_of(rung: Rung, probe: Probe) -> Pictures:
    """Return how the pictures of a rung are encoded."""
    target = probe.video.colours.target
    return Pictures(
        rung.width,
        rung.height,
        (rung.fps.numerator, rung.fps.denominator),
        rung.crf,
        rung.max_bitrate,
        rung.buffer_bits,
        longest_group(rung),
        (target.primaries, target.transfer, target.matrix),
    )


def frames_of_segments(fragments: Fragments, fps: Fraction) -> list[tuple[int, int]]:
    """Return the first frame of each segment, and how many it has."""
    ticks = fragments.timescale / fps
    frames, first = [], 0
    for duration in fragments.ticks:
        count = round(duration / ticks)
        frames.append((first, count))
        first += count
    return frames


def _check_cuts(track: Track, rung: Rung, cuts: Sequence[Cut]) -> None:
    """Raise `MediaRejected` unless the segments begin where the cuts are."""
    starts = [first for first, _ in frames_of_segments(track.fragments, rung.fps)]
    if starts != [round(cut.start * rung.fps) for cut in cuts]:
        raise MediaRejected("Playout cannot cut this video where its template needs it.")
