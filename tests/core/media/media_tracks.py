"""Making tracks as the jobs do, and looking into what came out."""

from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import av

from playout.transcode.encode.package import make_playable
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Tools


@dataclass(frozen=True)
class Made:
    """What a source was made into at first."""

    tracks: list[Track]
    mp4: Probe
    loudness: float | None


def make(source: Path, job: Path, tools: Tools) -> Made:
    """The first tracks of a source and the MP4 of them, in the folder `job`."""
    found = probe(source, tools)
    first = make_playable(source, found, job, tools)
    return Made(first.tracks, probe(job / "video.mp4", tools), first.loudness)


@dataclass(frozen=True)
class Segment:
    """A segment as a player sees it: behind the head, and nothing else."""

    start: float
    """Seconds at which its first frame is shown."""
    frames: int
    begins_with_key: bool


def segments(track: Track) -> list[Segment]:
    """Every segment, decoded by itself."""
    content, parts = track.file.read_bytes(), track.fragments
    head = content[: parts.init_end]
    ends = accumulate(parts.sizes, initial=parts.index_end)
    found = []
    for start, size in zip(ends, parts.sizes, strict=False):
        with av.open(BytesIO(head + content[start : start + size])) as container:
            stream = container.streams[0]
            first = next(packet for packet in container.demux(stream) if packet.size)
            container.seek(0)
            frames = list(container.decode(stream))
            shown = min(float(frame.pts * frame.time_base) for frame in frames)
            found.append(Segment(shown, len(frames), first.is_keyframe))
    return found


def starts_on_key_frames(track: Track, at_most: float) -> bool:
    """Whether each segment can be decoded alone, and begins when the index says, within that."""
    parts = track.fragments
    starts = accumulate(parts.ticks, initial=parts.start)
    return all(
        each.begins_with_key and abs(each.start - start / parts.timescale) <= at_most + 1e-6
        for each, start in zip(segments(track), starts, strict=False)
    )
