"""The film of one viewer as one MP4, joined from shared and rendered segments."""

import shutil
from bisect import bisect_left
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from playout.core.renders.films import Film, StoredSegment
from playout.core.renders.layout import RenditionLayout
from playout.core.renders.resources import Resources
from playout.transcode.encode.mp4 import write_mp4
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.inspect.samples import Samples, read_samples
from playout.transcode.names import AUDIO, MP4, TrackKind

_SIDE = 1080
"""Pixels of the shorter side of the largest rendition that is downloaded."""
_PIECE = 1024 * 1024


def downloaded_rendition(film: Film) -> RenditionLayout:
    """Return the rendition that the MP4 is made of."""
    renditions = film.layout.renditions
    fitting = [
        each for each in renditions if min(each.pictures.width, each.pictures.height) <= _SIDE
    ]
    return (fitting or renditions)[-1]


def join_film(
    resources: Resources, film: Film, rendered: Mapping[int, StoredSegment], folder: Path
) -> Path:
    """Write the MP4 into a scratch folder, without encoding anything again; return its path.

    `rendered` are the segments that are drawn for the viewer, by their numbers.
    """
    join = _Join(resources, film, folder)
    rendition, sound = downloaded_rendition(film), film.layout.audio
    sizes = join.write(rendition.name, rendition.fragments, film.left_out.pictures, rendered)
    video = join.track(TrackKind.VIDEO, rendition.name, rendition.fragments, sizes)
    audio = None
    if sound:
        sizes = join.write(AUDIO, sound.fragments, film.left_out.sound, {})
        audio = join.track(TrackKind.AUDIO, AUDIO, sound.fragments, sizes)
    write_mp4(video, audio, folder / MP4, read=join.read)
    return folder / MP4


@dataclass(frozen=True, slots=True)
class _Join:
    """The tracks of a base in a scratch folder, with the segments of one viewer."""

    resources: Resources
    film: Film
    folder: Path

    def write(
        self,
        name: str,
        fragments: Fragments,
        left_out: Container[int],
        rendered: Mapping[int, StoredSegment],
    ) -> dict[int, int]:
        """Write the head of a track and its segments that play; return the bytes of each."""
        base, sizes = self.folder / f"{name}-base.mp4", dict[int, int]()
        self.resources.storage.fetch(f"{self.film.folder}/{name}.mp4", base)
        places = accumulate(fragments.sizes, initial=fragments.index_end)
        with base.open("rb") as source, (self.folder / f"{name}.mp4").open("wb") as out:
            out.write(source.read(fragments.index_end))
            for number, (start, end) in enumerate(pairwise(places)):
                if number in rendered:
                    sizes[number] = self._copy(rendered[number], out)
                elif number not in left_out:
                    source.seek(start)
                    sizes[number] = out.write(source.read(end - start))
        base.unlink()
        return sizes

    def _copy(self, segment: StoredSegment, out: BinaryIO) -> int:
        part = self.folder / "segment.m4s"
        self.resources.storage.fetch(segment.key, part)
        with part.open("rb") as source:
            shutil.copyfileobj(source, out, _PIECE)
        part.unlink()
        return segment.size

    def track(
        self, kind: TrackKind, name: str, fragments: Fragments, sizes: Mapping[int, int]
    ) -> Track:
        """Return the track of the segments that were written."""
        written = replace(
            fragments,
            ticks=tuple(fragments.ticks[number] for number in sizes),
            sizes=tuple(sizes.values()),
            key_sizes=(),
        )
        return Track(kind, name, self.folder / f"{name}.mp4", written)

    def read(self, file: Path, fragments: Fragments) -> Samples:
        """Return the samples of a track, at the times at which they are shown to this viewer."""
        samples, ranges = read_samples(file, fragments), self.film.left_out.ranges
        middles = [(start + end) / 2 * fragments.timescale for start, end in ranges]
        lengths = [round((end - start) * fragments.timescale) for start, end in ranges]
        gone = list(accumulate(lengths, initial=0))
        for number, time in enumerate(samples.times):
            samples.times[number] = time - gone[bisect_left(middles, time)]
        return samples
