"""Every query about slugs."""

from typing import NamedTuple

from sqlalchemy import Select, func, or_, select, text, update

from playout.core.publications.model import MAX_FORMER_SLUGS, Slug
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video, Visibility

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


class SlugForm(NamedTuple):
    """A slug, with the base and the number that it is made of."""

    slug: str
    base: str
    number: int


def take(unit: WriteUnit, video: Video, form: SlugForm) -> bool:
    """Give a video a slug that is free, released or its own. Return whether it was."""
    row = {**form._asdict(), "video_id": video.id}
    return unit.session.connection().execute(TAKE, row).first() is not None


def lock_base(unit: WriteUnit, base: str) -> None:
    """Let nobody else number slugs of this base until the end of the transaction."""
    unit.session.execute(LOCK, {"base": base})


def own(unit: WriteUnit, video: Video, base: str) -> SlugForm | None:
    """Return the slug with this base and the lowest number that a video has, or had."""
    query = _forms(video).where(Slug.base == base).order_by(Slug.number)
    row = unit.session.execute(query.limit(1)).one_or_none()
    return SlugForm(*row) if row else None


def last(unit: WriteUnit, video: Video) -> SlugForm | None:
    """Return the slug that a video has, or had last."""
    query = _forms(video).order_by(Slug.position.desc())
    row = unit.session.execute(query.limit(1)).one_or_none()
    return SlugForm(*row) if row else None


def highest_number(unit: WriteUnit, base: str) -> int:
    """Return the highest number of the slugs with this base; 0 if there are none."""
    return unit.session.scalar(select(func.max(Slug.number)).where(Slug.base == base)) or 0


def is_held_by_known(unit: WriteUnit, video: Video, slug: str) -> bool:
    """Return whether a video has the slug that is public, or of the organization of this one."""
    is_ours = Video.organization_id == video.organization_id
    query = select(Video.id).join(Slug, Slug.video_id == Video.id).where(Slug.slug == slug)
    query = query.where(or_(is_ours, Video.visibility == Visibility.PUBLIC))
    return unit.session.scalar(query) is not None


def release(unit: WriteUnit, video: Video) -> None:
    """Release all slugs of a video."""
    unit.session.execute(
        update(Slug)
        .where(Slug.video_id == video.id)
        .values(is_released=True)
        .execution_options(synchronize_session=False)
    )


def _forms(video: Video) -> Select[str, str, int]:
    return select(Slug.slug, Slug.base, Slug.number).where(Slug.video_id == video.id)
