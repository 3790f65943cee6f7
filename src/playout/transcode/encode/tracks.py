"""Tracks: renditions as local files. Each is a fragmented MP4 that HLS and DASH both play."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playout.transcode.encode.ladder import Rung
from playout.transcode.encode.segment_index import join_short_end
from playout.transcode.encode.top_rendition import is_top_rendition
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.colours import HLG, PQ
from playout.transcode.inspect.fragments import Fragments, read_fragments
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.samples import key_picture_sizes, read_samples
from playout.transcode.names import AUDIO, VIDEO_COPY, AudioPurpose, TrackKind, VideoRange

_RANGES = {PQ: VideoRange.PQ, HLG: VideoRange.HLG}
MOST_MISSING = 0.1
"""Seconds by which the tracks of a video may differ."""


@dataclass(frozen=True, slots=True)
class Track:
    """A rendition in a local file."""

    kind: TrackKind
    name: str
    file: Path
    fragments: Fragments
    width: int | None = None
    """Pixels as displayed."""
    height: int | None = None
    fps: float | None = None
    channels: int | None = None
    language: str | None = None
    """Three letters (ISO 639-2)."""
    title: str | None = None
    """The name of audio, if its source gives it one."""
    purpose: AudioPurpose | None = None
    video_range: VideoRange | None = None
    """None for a standard dynamic range, and for audio."""
    is_aligned: bool = True
    """True if all rungs have, or will have, the same segments."""


def rung_track(file: Path, rung: Rung) -> Track:
    """Return the video track in that file, which was encoded as a rung of the ladder."""
    fragments, fps = _video_fragments(file), float(rung.fps)
    return Track(TrackKind.VIDEO, rung.name, file, fragments, rung.width, rung.height, fps)


def video_copy_track(file: Path, probe: Probe) -> Track:
    """Return the video track in that file, which was copied from the source."""
    video, fragments = probe.video, _video_fragments(file)
    size = video.width, video.height
    return Track(
        *(TrackKind.VIDEO, VIDEO_COPY, file, fragments, *size, video.fps),
        is_aligned=is_top_rendition(probe, fragments),
        video_range=_RANGES.get(video.colours.transfer),
    )


def audio_track(file: Path, name: str, channels: int, probe: Probe) -> Track:
    """Return the audio track in that file."""
    fragments = join_short_end(file)
    return Track(
        TrackKind.AUDIO,
        name,
        file,
        fragments,
        channels=channels,
        language=probe.language,
        title=probe.audio_title,
    )


def stored_audio(file: Path) -> Track:
    """Return the audio track that was fetched from storage, for an MP4."""
    return Track(TrackKind.AUDIO, AUDIO, file, read_fragments(file))


def _video_fragments(file: Path) -> Fragments:
    fragments = join_short_end(file)
    samples = read_samples(file, fragments)
    return replace(fragments, key_sizes=key_picture_sizes(fragments, samples))


def total_duration_ms(tracks: Sequence[Track]) -> int:
    """Return how long it takes until the last of the tracks ends, at least 1."""
    layouts = [track.fragments for track in tracks]
    ends = [round((each.start / each.timescale + each.seconds) * 1000) for each in layouts]
    return max(1, *ends)


def check_duration(track: Track, probe: Probe) -> None:
    """Raise `MediaRejected` unless a copied track lasts as long as the video."""
    seconds = track.fragments.seconds
    if abs(seconds - probe.seconds) > MOST_MISSING:
        raise MediaRejected(f"The copy lasts {seconds:.1f} seconds, the video {probe.seconds:.1f}.")
