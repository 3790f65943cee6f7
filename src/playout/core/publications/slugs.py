"""Slugs: they come from titles, and are unique among published videos.

A video has its current slug and at most ten former ones, which lead to the current one. A draft
holds none: the slugs that it had are released. They come back with it, unless another video took
them meanwhile.
"""

from slugify import slugify
from sqlalchemy import func, or_, select, text, update

from playout.core.publications.model import MAX_FORMER_SLUGS, SLUG_LENGTH, Slug
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video, Visibility
from playout.kit.errors import Conflict

LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:base, 7))")
TAKE = text(
    f"""
    WITH taken AS (
        INSERT INTO slugs (slug, base, number, video_id)
        VALUES (:slug, :base, :number, :video_id)
        ON CONFLICT (slug) DO UPDATE
        SET base = excluded.base, number = excluded.number, video_id = excluded.video_id,
            is_released = false, position = DEFAULT
        WHERE slugs.is_released OR slugs.video_id = excluded.video_id
        RETURNING slug
    ), former AS (
        SELECT slug, row_number() OVER (ORDER BY position DESC) AS age
        FROM slugs
        WHERE video_id = :video_id AND slug <> :slug AND EXISTS (SELECT FROM taken)
    ), dropped AS (
        DELETE FROM slugs USING former
        WHERE slugs.slug = former.slug AND former.age > {MAX_FORMER_SLUGS}
    ), held AS (
        UPDATE slugs SET is_released = false FROM former
        WHERE slugs.slug = former.slug AND former.age <= {MAX_FORMER_SLUGS} AND slugs.is_released
    )
    SELECT slug FROM taken
    """  # noqa: S608  the only value that is written into it is a constant
)
"""Take a slug that is free, released or the video's own, and hold its former ones: in one
statement, so that publishing costs one round trip for it. The condition is on the row itself, so
that it is checked again after waiting for a transaction that takes the slug at the same time."""
ROOM_FOR_NUMBER = 12


def claim(unit: WriteUnit, video: Video, slug: str) -> str:
    """Give a video the requested slug, and return it.

    Raise `Conflict` when a published video has it that the caller may know of: a public one, or one
    of the same organization. Where only others may watch that video, the slug gets a number: an
    error would tell that it exists.
    """
    if _take(unit, video, slug, slug, 1):
        return slug
    if _is_known_holder(unit, video, slug):
        raise Conflict("This slug is taken.", {"slug": "This slug is taken."})
    return derive(unit, video, slug)


def _is_known_holder(unit: WriteUnit, video: Video, slug: str) -> bool:
    query = (
        select(Video.id)
        .join(Slug, Slug.video_id == Video.id)
        .where(
            Slug.slug == slug,
            or_(
                Video.organization_id == video.organization_id,
                Video.visibility == Visibility.PUBLIC,
            ),
        )
    )
    return unit.session.scalar(query) is not None


def derive(unit: WriteUnit, video: Video, title: str) -> str:
    """Give a video a slug that comes from a title: the title alone, one that the video had, or
    else the next free number."""
    base = slugify(title, max_length=SLUG_LENGTH - ROOM_FOR_NUMBER, word_boundary=True) or "video"
    if _take(unit, video, base, base, 1):
        return base
    unit.session.execute(LOCK, {"base": base})
    own = unit.session.execute(
        select(Slug.slug, Slug.number)
        .where(Slug.base == base, Slug.video_id == video.id)
        .order_by(Slug.number)
        .limit(1)
    ).one_or_none()
    if own is not None and _take(unit, video, own[0], base, own[1]):
        return own[0]
    number = unit.session.scalar(select(func.max(Slug.number)).where(Slug.base == base)) or 0
    while True:
        number += 1
        slug = base if number == 1 else f"{base}-{number}"
        if _take(unit, video, slug, base, number):
            return slug


def take_last(unit: WriteUnit, video: Video, title: str) -> str:
    """Give a video the slug that it had last, or derive one if another video has that now."""
    last = unit.session.execute(
        select(Slug.slug, Slug.base, Slug.number)
        .where(Slug.video_id == video.id)
        .order_by(Slug.position.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and _take(unit, video, *last):
        return str(last[0])
    return derive(unit, video, title)


def release(unit: WriteUnit, video: Video) -> None:
    """Release all slugs of a video that is not published any more."""
    unit.session.execute(
        update(Slug)
        .where(Slug.video_id == video.id)
        .values(is_released=True)
        .execution_options(synchronize_session=False)
    )


def _take(unit: WriteUnit, video: Video, slug: str, base: str, number: int) -> bool:
    row = {"slug": slug, "base": base, "number": number, "video_id": video.id}
    return unit.session.connection().execute(TAKE, row).first() is not None
