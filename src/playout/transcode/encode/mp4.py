"""One file for two uses: the progressive MP4, and the segments of the video track in it.

The file begins with the index of a progressive MP4 (`moov`). Its media data is a whole fragmented
file: initialization segment, segment index and segments. The sound of each segment lies in a box
before it that players of segments skip (`free`). So nothing is stored twice, and both kinds of
players find each sample in the same place.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from playout.transcode.encode.movie_index import (
    BOX_HEADER,
    IndexedTrack,
    file_type,
    movie_index,
)
from playout.transcode.encode.tracks import Track
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.inspect.samples import Samples, read_samples

_LARGE_BOX_HEADER = 16
_REFERENCE_BYTES = 12
_PIECE = 1024 * 1024
"""Bytes that are copied at once."""
Chunk = Sequence[tuple[int, int]]
"""The ranges of a file, from and to, that make one chunk of sound."""
_Read = Callable[[Path, Fragments], Samples]


def write_mp4(
    video: Track,
    audio: Track | None,
    target: Path,
    *,
    read: _Read = read_samples,
) -> Track:
    """Write the MP4 `target` of two tracks; return the video track, which lies in it now.

    `read` returns the samples of a track, with the times that the index of the MP4 gives them. The
    file of the video track is removed. On an error no file is left at `target`. Raise
    `MediaRejected` if a track is damaged.
    """
    try:
        moved = _write(video, audio, target, read)
    except (struct.error, KeyError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise MediaRejected("Playout cannot cut this video: the file is damaged.") from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    video.file.unlink()
    return moved


@dataclass(frozen=True, slots=True)
class _Sound:
    """The samples of the audio track, by the segment of the video that they belong to."""

    samples: Samples
    counts: list[int]
    chunks: list[Chunk]

    @property
    def sizes(self) -> list[int]:
        return [sum(end - start for start, end in chunk) for chunk in self.chunks]


def _write(video: Track, audio: Track | None, target: Path, read: _Read) -> Track:
    samples = read(video.file, video.fragments)
    sound = _sound(video, audio, read) if audio else None
    fragments = video.fragments
    sound_sizes = sound.sizes if sound else [0] * len(fragments.sizes)
    padding = [BOX_HEADER + size if size else 0 for size in sound_sizes[1:]] + [0]
    sizes = [size + more for size, more in zip(fragments.sizes, padding, strict=True)]
    with video.file.open("rb") as source, target.open("wb") as out:
        head = source.read(fragments.init_end)
        index = _segment_index(source.read(fragments.index_end - fragments.init_end), sizes)
        layout = _Layout(video, audio, head, samples, sound, padding)
        out.write(layout.beginning(len(layout.beginning(0))))
        length = _LARGE_BOX_HEADER + sound_sizes[0] + fragments.index_end + sum(sizes)
        out.write(struct.pack(">I4sQ", 1, b"mdat", length))
        _write_sound(out, audio, sound, 0)
        init_start = out.tell()
        out.write(head + index)
        for number, size in enumerate(fragments.sizes):
            _copy(source, out, size)
            if padding[number]:
                out.write(struct.pack(">I4s", padding[number], b"free"))
                _write_sound(out, audio, sound, number + 1)
    moved = replace(
        fragments,
        init_start=init_start,
        init_end=init_start + fragments.init_end,
        index_end=init_start + fragments.index_end,
        sizes=tuple(sizes),
        padding=tuple(padding),
    )
    return replace(video, file=target, fragments=moved)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The contents of the file, in their order."""

    video: Track
    audio: Track | None
    head: bytes
    """The initialization segment of the video track."""
    samples: Samples
    sound: _Sound | None
    padding: Sequence[int]
    """Bytes after each segment, for the sound of the next one."""

    def beginning(self, length: int) -> bytes:
        """Return file type and index, if these take `length` bytes together."""
        data = length + _LARGE_BOX_HEADER
        init_start = data + (self.sound.sizes[0] if self.sound else 0)
        fragments, samples = self.video.fragments, self.samples
        ends = list(accumulate(fragments.sizes, initial=fragments.index_end))
        counts = [b - a for a, b in pairwise([*samples.firsts, len(samples.sizes)])]
        places = [init_start + place for place in self._moved(ends)]
        ticks = fragments.start + sum(fragments.ticks)
        chunks = list(zip(counts, places, strict=True))
        tracks = [IndexedTrack(self.head, samples, fragments.timescale, ticks, chunks)]
        if self.audio and self.sound:
            before = accumulate(self.padding, initial=init_start + BOX_HEADER)
            offsets = [end + padded for end, padded in zip(ends[1:-1], before, strict=False)]
            tracks.append(_audio_track(self.audio, self.sound, [data, *offsets]))
        return file_type() + movie_index(tracks)

    def _moved(self, ends: Sequence[int]) -> Iterator[int]:
        """Yield the place of each fragment's samples, behind the sound that comes before it."""
        moved, segment = 0, 0
        for start in self.samples.starts:
            while start >= ends[segment + 1]:
                moved += self.padding[segment]
                segment += 1
            yield start + moved


def _audio_track(audio: Track, sound: _Sound, offsets: Sequence[int]) -> IndexedTrack:
    fragments = audio.fragments
    with audio.file.open("rb") as source:
        head = source.read(fragments.init_end)
    chunks = [pair for pair in zip(sound.counts, offsets, strict=True) if pair[0]]
    ticks = fragments.start + sum(fragments.ticks)
    return IndexedTrack(head, sound.samples, fragments.timescale, ticks, chunks)


def _sound(video: Track, audio: Track, read: _Read) -> _Sound:
    """Return the sound of each segment of the video; that of the last one lasts to the end."""
    samples = read(audio.file, audio.fragments)
    ticks, counts, chunks, first = video.fragments.start, [], [], 0
    total, places = len(samples.sizes), samples.places()
    for number, duration in enumerate(video.fragments.ticks):
        ticks += duration
        end = ticks * audio.fragments.timescale
        last = first
        if number == len(video.fragments.ticks) - 1:
            last = total
        while last < total and samples.times[last] * video.fragments.timescale < end:
            last += 1
        counts.append(last - first)
        chunks.append(_ranges(samples.sizes, places, range(first, last)))
        first = last
    return _Sound(samples, counts, chunks)


def _ranges(sizes: Sequence[int], places: Sequence[int], numbers: range) -> Chunk:
    """Return the bytes of some samples; those that lie in one row are one range."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        start, end = places[number], places[number] + sizes[number]
        if ranges and ranges[-1][1] == start:
            ranges[-1] = ranges[-1][0], end
        else:
            ranges.append((start, end))
    return ranges


def _segment_index(index: bytes, sizes: Sequence[int]) -> bytes:
    """Return the segment index, with other sizes. Empty boxes before it stay."""
    changed = bytearray(index)
    first = len(changed) - _REFERENCE_BYTES * len(sizes)
    for number, size in enumerate(sizes):
        struct.pack_into(">I", changed, first + _REFERENCE_BYTES * number, size)
    return bytes(changed)


def _write_sound(out: BinaryIO, audio: Track | None, sound: _Sound | None, number: int) -> None:
    if audio and sound:
        with audio.file.open("rb") as source:
            for start, end in sound.chunks[number]:
                source.seek(start)
                _copy(source, out, end - start)


def _copy(source: BinaryIO, out: BinaryIO, size: int) -> None:
    """Copy so many bytes. Raise `ValueError` if there are fewer."""
    while size > 0:
        piece = source.read(min(size, _PIECE))
        if not piece:
            raise ValueError("the file ends too early")
        out.write(piece)
        size -= len(piece)
