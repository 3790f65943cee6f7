"""From tracks that were made to rows, and from rows to what a playlist lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from playout.core.media.model import Rendition
from playout.transcode.encode.ladder import nominal_height, resolutions_for
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.names import AUDIO, AUDIO_COPY, VIDEO_COPY, TrackKind


def rendition(asset_id: UUID, folder: str, track: Track, now: datetime) -> Rendition:
    """The row of a track whose file is stored in that folder."""
    parts = track.fragments
    return Rendition(
        asset_id=asset_id,
        folder=folder,
        name=track.name,
        kind=track.kind,
        codecs=parts.codecs,
        bandwidth=_peak(parts),
        average_bandwidth=round(sum(parts.sizes) * 8 / parts.seconds),
        width=track.width,
        height=track.height,
        fps=track.fps,
        channels=track.channels,
        language=track.language,
        head_end=parts.init_end,
        index_end=parts.index_end,
        timescale=parts.timescale,
        start=parts.start,
        duration=parts.seconds,
        segment_ticks=list(parts.ticks),
        segment_sizes=list(parts.sizes),
        ready_at=now,
    )


def listed(renditions: Iterable[Rendition]) -> list[Rendition]:
    """What players are offered: a copy of the source only until the ladder has come as far."""
    found = {each.name: each for each in renditions}
    copy, sound = found.get(VIDEO_COPY), found.get(AUDIO)
    rungs = [each for each in found.values() if each.kind is TrackKind.VIDEO and each is not copy]
    if copy and any(quality(rung) >= quality(copy) for rung in rungs):
        found.pop(VIDEO_COPY)
    if sound:
        found.pop(AUDIO_COPY, None)
    return list(found.values())


def up_to(renditions: Sequence[Rendition], most: int | None) -> list[Rendition]:
    """Those of the quality `most` and below (None for all), or the smallest; and the sound."""
    if most is None:
        return list(renditions)
    sounds = [each for each in renditions if each.kind is TrackKind.AUDIO]
    videos = sorted((each for each in renditions if each.kind is TrackKind.VIDEO), key=quality)
    return [*([each for each in videos if quality(each) <= most] or videos[:1]), *sounds]


def reaches(renditions: Iterable[Rendition], width: int, height: int, most: int | None) -> bool:
    """Whether there is what a source of that size gives at the quality `most` (None: at any)."""
    there = {quality(each) for each in renditions if each.kind is TrackKind.VIDEO}
    if most is None:
        return bool(there)
    grades = [step.short_side for step, _ in resolutions_for(width, height)]
    best = max((each for each in grades if each <= most), default=grades[0])
    return best in there


def quality(rendition: Rendition) -> int:
    """The step of the ladder that a picture is of: 720 for 720p; 0 for sound."""
    if rendition.width is None or rendition.height is None:
        return 0
    return nominal_height(rendition.width, rendition.height)


def _peak(parts: Fragments) -> int:
    """Bits a second of the densest segment, but for one that is much shorter than the others."""
    whole = [
        size * 8 * parts.timescale / ticks
        for size, ticks in zip(parts.sizes, parts.ticks, strict=True)
        if ticks / parts.timescale >= parts.longest_seconds / 2
    ]
    # Of what is left out, the whole still has its share.
    return round(max(*whole, sum(parts.sizes) * 8 / parts.seconds))
