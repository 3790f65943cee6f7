"""The sound of a base, in segments that begin and end where scenes do."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import BinaryIO

from playout.transcode.encode.segment_index import segment_index
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.fragments import read_fragments
from playout.transcode.inspect.samples import Samples, read_samples
from playout.transcode.personal.cuts import SHARED_SECONDS, split
from playout.transcode.personal.fragments import Sample, fragment
from playout.transcode.personal.headers import read_track_id


def cut_sound(track: Track, edges: Sequence[Fraction]) -> Track:
    """Write an audio track anew, with segments that begin at the sample nearest to each edge.

    `edges` are seconds. No sample changes. Raise `MediaRejected` if the file is damaged.
    """
    fragments = track.fragments
    samples = read_samples(track.file, fragments)
    starts = _starts(samples, fragments.timescale, edges)
    times = [*samples.times, fragments.start + sum(fragments.ticks)]
    ticks = [times[end] - times[first] for first, end in pairwise(starts)]
    target = track.file.with_suffix(".cut")
    with track.file.open("rb") as source, target.open("wb") as out:
        head = source.read(fragments.init_end)
        track_id = read_track_id(head)

        def index(sizes: Sequence[int]) -> bytes:
            references = list(zip(sizes, ticks, strict=True))
            return segment_index(track_id, fragments.timescale, times[0], references)

        out.write(head + index([0] * len(ticks)))
        places, sizes = samples.places(), []
        for number, (first, end) in enumerate(pairwise(starts), 1):
            pieces = [_piece(source, samples, places, each) for each in range(first, end)]
            sizes.append(out.write(fragment(track_id, number, pieces, times[end])))
        out.seek(len(head))
        out.write(index(sizes))
    target.replace(track.file)
    return replace(track, fragments=read_fragments(track.file))


def _starts(samples: Samples, timescale: int, edges: Sequence[Fraction]) -> list[int]:
    """Return the number of the first sample of each segment, and how many samples there are."""
    total = len(samples.times)
    wanted = {_nearest(samples, edge * timescale) for edge in edges} - {0, total}
    starts = [0]
    for edge in [*sorted(wanted), total]:
        first = starts.pop()
        end = samples.times[edge - 1]
        seconds = Fraction(end - samples.times[first], timescale)
        starts += split(first, edge, max(ceil(seconds / SHARED_SECONDS), 1))
    return starts


def _nearest(samples: Samples, ticks: Fraction) -> int:
    """Return the number of the sample that begins nearest to a time."""
    after = bisect_left(samples.times, ticks)
    near = [each for each in (after - 1, after) if 0 <= each < len(samples.times)]
    return min(near, key=lambda each: abs(samples.times[each] - ticks))


def _piece(source: BinaryIO, samples: Samples, places: Sequence[int], number: int) -> Sample:
    source.seek(places[number])
    time = samples.times[number]
    return Sample(source.read(samples.sizes[number]), time, time, is_key=True)
