"""Make tracks as the jobs do, and decode the result segment by segment."""

from array import array
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
class FirstPackage:
    """The first tracks of a source, and the MP4 of them."""

    tracks: list[Track]
    mp4: Probe
    loudness: float | None


def make_package(source: Path, job: Path, tools: Tools) -> FirstPackage:
    """Make the first package of a source in the folder `job`."""
    result = make_playable(source, probe(source, tools), job, tools)
    return FirstPackage(result.tracks, probe(job / "video.mp4", tools), result.loudness)


@dataclass(frozen=True)
class DecodedSegment:
    """A segment as a player decodes it: after the initialization segment, and nothing else."""

    start: float
    """Seconds at which its first frame is shown."""
    frames: int
    begins_with_key_frame: bool


def decode_segments(track: Track) -> list[DecodedSegment]:
    """Decode every segment by itself."""
    content, fragments = track.file.read_bytes(), track.fragments
    init_segment = content[fragments.init_start : fragments.init_end]
    offsets = accumulate(fragments.sizes, initial=fragments.index_end)
    segments = []
    for offset, size in zip(offsets, fragments.sizes, strict=False):
        with av.open(BytesIO(init_segment + content[offset : offset + size])) as container:
            stream = container.streams[0]
            first = next(packet for packet in container.demux(stream) if packet.size)
            container.seek(0)
            frames = list(container.decode(stream))
            start = min(float(frame.pts * frame.time_base) for frame in frames)
            segments.append(DecodedSegment(start, len(frames), first.is_keyframe))
    return segments


def segments_start_on_time(track: Track, tolerance: float) -> bool:
    """Return whether each segment can be decoded alone and begins when the index says."""
    fragments = track.fragments
    starts = accumulate(fragments.ticks, initial=fragments.start)
    return all(
        segment.begins_with_key_frame
        and abs(segment.start - start / fragments.timescale) <= tolerance + 1e-6
        for segment, start in zip(decode_segments(track), starts, strict=False)
    )


def first_light(file: Path) -> float:
    """Return the seconds until the middle of the picture is light."""
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            if bytes(frame.reformat(format="gray").planes[0])[90 * 320 + 160] > 128:
                return float(frame.time)
    raise AssertionError("it stays dark")


def first_noise(file: Path) -> float:
    """Return the seconds until there is something to be heard."""
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            samples = array("f", bytes(frame.planes[0]))[: frame.samples]
            loud = (number for number, each in enumerate(samples) if abs(each) > 0.05)
            first = next(loud, None)
            if first is not None:
                return float(frame.time) + first / frame.sample_rate
    raise AssertionError("it stays silent")
