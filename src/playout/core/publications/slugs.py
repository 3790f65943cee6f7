"""Slugs: they come from titles, and are unique among published videos.

A video has its current slug and at most ten former ones, which lead to the current one. A draft
holds none: the slugs that it had are released. They come back with it, unless another video took
them meanwhile.
"""

from slugify import slugify

from playout.core.publications import slug_queries
from playout.core.publications.model import SLUG_LENGTH
from playout.core.publications.slug_queries import SlugForm
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import Conflict

ROOM_FOR_NUMBER = 12


def claim(unit: WriteUnit, video: Video, slug: str) -> str:
    """Give a video the requested slug, and return it.

    Raise `Conflict` when a published video has it that the caller may know of: a public one, or one
    of the same organization. Where only others may watch that video, the slug gets a number: an
    error would tell that it exists.
    """
    if slug_queries.take(unit, video, SlugForm(slug, slug, 1)):
        return slug
    if slug_queries.is_held_by_known(unit, video, slug):
        raise Conflict("This slug is taken.", {"slug": "This slug is taken."})
    return derive(unit, video, slug)


def derive(unit: WriteUnit, video: Video, title: str) -> str:
    """Give a video a slug that comes from a title: the title alone, one that the video had, or
    else the next free number."""
    base = slugify(title, max_length=SLUG_LENGTH - ROOM_FOR_NUMBER, word_boundary=True) or "video"
    if slug_queries.take(unit, video, SlugForm(base, base, 1)):
        return base
    slug_queries.lock_base(unit, base)
    own = slug_queries.own(unit, video, base)
    if own is not None and slug_queries.take(unit, video, own):
        return own.slug
    number = slug_queries.highest_number(unit, base)
    while True:
        number += 1
        slug = base if number == 1 else f"{base}-{number}"
        if slug_queries.take(unit, video, SlugForm(slug, base, number)):
            return slug


def take_last(unit: WriteUnit, video: Video, title: str) -> str:
    """Give a video the slug that it had last, or derive one if another video has that now."""
    last = slug_queries.last(unit, video)
    if last is not None and slug_queries.take(unit, video, last):
        return last.slug
    return derive(unit, video, title)


def release(unit: WriteUnit, video: Video) -> None:
    """Release all slugs of a video that is not published any more."""
    slug_queries.release(unit, video)
