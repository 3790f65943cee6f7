"""Renditions: the row of a track, and the rows that players are offered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from playout.core.media.model import Rendition
from playout.transcode.encode.ladder import nominal_height, resolutions_for
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.names import AUDIO, AUDIO_COPY, MP4, VIDEO_COPY, TrackKind


def rendition_of(asset_id: UUID, folder: str, track: Track, now: datetime) -> Rendition:
    """Return the row of a track whose file is stored in the folder."""
    fragments = track.fragments
    return Rendition(
        asset_id=asset_id,
        folder=folder,
        name=track.name,
        kind=track.kind,
        codecs=fragments.codecs,
        bandwidth=peak_bandwidth(fragments),
        average_bandwidth=average_bandwidth(fragments),
        width=track.width,
        height=track.height,
        fps=track.fps,
        channels=track.channels,
        language=track.language,
        title=track.title,
        purpose=track.purpose,
        video_range=track.video_range,
        mp4=track.file.name == MP4,
        is_aligned=track.is_aligned,
        key_bandwidth=_key_bandwidth(fragments),
        head_start=fragments.init_start,
        head_end=fragments.init_end,
        index_end=fragments.index_end,
        timescale=fragments.timescale,
        start=fragments.start,
        duration=fragments.seconds,
        segment_ticks=list(fragments.ticks),
        segment_sizes=list(fragments.sizes),
        segment_padding=list(fragments.padding),
        key_sizes=list(fragments.key_sizes),
        ready_at=now,
    )


def offered(renditions: Iterable[Rendition]) -> list[Rendition]:
    """Return the renditions of an asset that players are offered.

    A copy of the source's video is offered until a rung has its height. It stays if all rungs have
    its segments, or if it has a high dynamic range, which no rung has. A copy of its audio is
    offered until there is audio that every player supports.
    """
    by_name = {each.name: each for each in renditions}
    copy = by_name.get(VIDEO_COPY)
    rungs = [each for each in _videos(by_name.values()) if each is not copy]
    has_its_height = copy and any(height_of(rung) >= height_of(copy) for rung in rungs)
    if copy and has_its_height and not copy.is_aligned and copy.video_range is None:
        by_name.pop(VIDEO_COPY)
    if AUDIO in by_name:
        by_name.pop(AUDIO_COPY, None)
    return list(by_name.values())


def up_to_height(renditions: Sequence[Rendition], max_height: int | None) -> list[Rendition]:
    """Return the renditions of at most that height, and the audio. None returns all.

    If all are higher, the smallest one is returned.
    """
    if max_height is None:
        return list(renditions)
    audio = [each for each in renditions if each.kind is TrackKind.AUDIO]
    videos = sorted(_videos(renditions), key=height_of)
    low_enough = [each for each in videos if height_of(each) <= max_height]
    return [*(low_enough or videos[:1]), *audio]


def has_best(
    renditions: Iterable[Rendition], width: int, height: int, max_height: int | None
) -> bool:
    """Return whether the best rendition up to `max_height` of a source of that size is there.

    If `max_height` is None, any rendition will do.
    """
    heights = {height_of(each) for each in _videos(renditions)}
    if max_height is None:
        return bool(heights)
    rungs = [resolution.short_side for resolution, _ in resolutions_for(width, height)]
    best = max((each for each in rungs if each <= max_height), default=rungs[0])
    return best in heights


def height_of(rendition: Rendition) -> int:
    """Return the height that people call a rendition by, such as 720 for 720p; 0 for audio."""
    if rendition.width is None or rendition.height is None:
        return 0
    return nominal_height(rendition.width, rendition.height)


def _videos(renditions: Iterable[Rendition]) -> list[Rendition]:
    return [each for each in renditions if each.kind is TrackKind.VIDEO]


def average_bandwidth(fragments: Fragments) -> int:
    return round(sum(fragments.media_sizes) * 8 / fragments.seconds)


def _key_bandwidth(fragments: Fragments) -> int | None:
    """Return the bits per second of the largest key frame, shown as long as its segment."""
    if not fragments.key_sizes:
        return None
    pairs = zip(fragments.key_sizes, fragments.ticks, strict=True)
    return round(max(size * 8 * fragments.timescale / max(ticks, 1) for size, ticks in pairs))


def peak_bandwidth(fragments: Fragments) -> int:
    """Return the bits per second of the segment with the highest bit rate.

    Segments of less than half the longest one's duration do not count: for a fraction of a second
    a rate says little.
    """
    rates = [
        size * 8 * fragments.timescale / ticks
        for size, ticks in zip(fragments.media_sizes, fragments.ticks, strict=True)
        if ticks / fragments.timescale >= fragments.longest_seconds / 2
    ]
    # The average counts all segments, so it can be higher than the rates that are left.
    return round(max(*rates, sum(fragments.media_sizes) * 8 / fragments.seconds))
