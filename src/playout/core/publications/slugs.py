"""Slugs: they come from titles, are unique, and are never given to another video."""

from slugify import slugify
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from playout.core.publications.model import SLUG_LENGTH, Slug
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import Conflict

LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:base, 7))")
TAKE = insert(Slug).on_conflict_do_nothing().returning(Slug.slug)
ROOM_FOR_NUMBER = 12


def claim(unit: WriteUnit, video: Video, slug: str) -> str:
    """Give a video the requested slug. Raise `Conflict` when it is another video's."""
    if not _take(unit, video, slug, slug, 1) and _holder(unit, slug) != video.id:
        raise Conflict("This slug is taken.", {"slug": "This slug is taken."})
    return slug


def derive(unit: WriteUnit, video: Video, title: str) -> str:
    """Give a video a slug that comes from a title: one that it had, or else the next free one."""
    base = slugify(title, max_length=SLUG_LENGTH - ROOM_FOR_NUMBER, word_boundary=True) or "video"
    # Slugs are never released: where the base is free, none of its numbers is taken.
    if _take(unit, video, base, base, 1):
        return base
    unit.session.execute(LOCK, {"base": base})
    own = unit.session.scalar(
        select(Slug.slug).where(Slug.base == base, Slug.video_id == video.id).order_by(Slug.number)
    )
    if own is not None:
        return own
    number = unit.session.scalar(select(func.max(Slug.number)).where(Slug.base == base)) or 0
    while True:
        number += 1
        slug = base if number == 1 else f"{base}-{number}"
        if _take(unit, video, slug, base, number):
            return slug


def _take(unit: WriteUnit, video: Video, slug: str, base: str, number: int) -> bool:
    row = {"slug": slug, "base": base, "number": number, "video_id": video.id}
    taken = unit.session.connection().execute(TAKE, row)
    return taken.first() is not None


def _holder(unit: WriteUnit, slug: str) -> int | None:
    return unit.session.scalar(select(Slug.video_id).where(Slug.slug == slug))
