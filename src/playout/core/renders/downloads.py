"""The film of one viewer as one MP4, joined from shared and rendered segments."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

from playout.core.renders.films import Film, StoredSegment
from playout.core.renders.layout import RenditionLayout
from playout.core.renders.resources import Resources
from playout.transcode.encode.mp4 import write_mp4
from playout.transcode.encode.tracks import Track
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
    rendition = downloaded_rendition(film)
    base, joined = folder / "base.mp4", folder / "joined.mp4"
    resources.storage.fetch(f"{film.folder}/{rendition.file}", base)
    sizes = _join(resources, rendition, rendered, base, joined)
    fragments = replace(rendition.fragments, sizes=tuple(sizes), key_sizes=())
    video = Track(TrackKind.VIDEO, rendition.name, joined, fragments)
    audio = None
    if film.layout.audio:
        sound = folder / f"{AUDIO}.mp4"
        resources.storage.fetch(f"{film.folder}/{AUDIO}.mp4", sound)
        audio = Track(TrackKind.AUDIO, AUDIO, sound, film.layout.audio.fragments)
    write_mp4(video, audio, folder / MP4)
    return folder / MP4


def _join(
    resources: Resources,
    rendition: RenditionLayout,
    rendered: Mapping[int, StoredSegment],
    base: Path,
    joined: Path,
) -> list[int]:
    """Write all segments behind the head of the base; return their sizes."""
    fragments = rendition.fragments
    sizes: list[int] = []
    with base.open("rb") as source, joined.open("wb") as out:
        out.write(source.read(fragments.index_end))
        places = pairwise(accumulate(fragments.sizes, initial=fragments.index_end))
        for number, (start, end) in enumerate(places):
            if number in rendered:
                part = joined.with_name(f"{number}.m4s")
                resources.storage.fetch(rendered[number].key, part)
                with part.open("rb") as segment:
                    shutil.copyfileobj(segment, out, _PIECE)
                sizes.append(rendered[number].size)
            else:
                source.seek(start)
                out.write(source.read(end - start))
                sizes.append(end - start)
    return sizes
