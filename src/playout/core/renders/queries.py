"""Every query about bases, renders and rendered segments."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, exists, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from playout.core.accounts.model import RenderCredential
from playout.core.film_templates.model import FilmTemplate, FilmTemplateChannel
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.recipients.model import Recipient
from playout.core.renders.model import BaseState, FilmBase, Render, RenderedSegment, SegmentUse
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video

LOCK = text("SELECT pg_advisory_xact_lock(:number)")
_WHOLE_BASE = undefer(FilmBase.layout)


def base_for_update(unit: WriteUnit, base_id: UUID) -> FilmBase | None:
    """Return a base, locked. For workers."""
    query = select(FilmBase).where(FilmBase.id == base_id)
    return unit.session.scalar(query.with_for_update())


def holds_claim(unit: WriteUnit, base_id: UUID, claim: UUID) -> bool:
    """Return whether an attempt still holds the claim of a base."""
    own = FilmBase.id == base_id, FilmBase.claim == claim
    return bool(unit.session.scalar(select(exists().where(*own))))


def templates_of(session: Session, video_uid: UUID) -> list[FilmTemplate]:
    """Return the templates over a video."""
    return list(session.scalars(select(FilmTemplate).where(FilmTemplate.video_uid == video_uid)))


def newest_base(session: Session, project_id: int, channel: Channel) -> FilmBase | None:
    """Return the newest base that is ready, of the template that a channel holds."""
    query = (
        select(FilmBase)
        .join(FilmTemplateChannel, FilmTemplateChannel.template_id == FilmBase.template_id)
        .where(
            _has_video(),
            FilmTemplateChannel.project_id == project_id,
            FilmTemplateChannel.channel == channel,
            FilmBase.state == BaseState.READY,
        )
        .order_by(FilmBase.created_at.desc())
        .options(_WHOLE_BASE)
        .limit(1)
    )
    return session.scalar(query)


def _has_video() -> ColumnElement[bool]:
    """Return the condition that the video of a base's template is not deleted."""
    own = FilmTemplate.id == FilmBase.template_id, Video.uid == FilmTemplate.video_uid
    return exists().where(*own, Video.deleted_at.is_(None))


def holds_template(session: Session, project_id: int, channel: Channel) -> bool:
    """Return whether a channel holds a template."""
    own = FilmTemplateChannel.project_id == project_id, FilmTemplateChannel.channel == channel
    return bool(session.scalar(select(exists().where(*own))))


def render(unit: ReadUnit, project: Project, render_id: UUID) -> Render | None:
    """Return a render of a project that the caller may see."""
    own = Render.id == render_id, Render.project_id == project.id
    return unit.session.scalar(select(Render).where(*own))


def renders_after(unit: WriteUnit, after: UUID | None, limit: int) -> list[Render]:
    """Return the next renders of all organizations after an id, locked."""
    query = select(Render).order_by(Render.id).limit(limit).with_for_update(of=Render)
    return list(unit.session.scalars(query if after is None else query.where(Render.id > after)))


def by_slug(
    session: Session, slug: str
) -> Row[Render, Project, FilmBase, RenderCredential | None] | None:
    """Return the render at that address, with what decides whether it plays."""
    query = (
        select(Render, Project, FilmBase, RenderCredential)
        .join(Project, Project.id == Render.project_id)
        .join(FilmBase, FilmBase.id == Render.base_id)
        .outerjoin(RenderCredential, RenderCredential.id == Render.credential_id)
        .where(Render.slug == slug, _has_video())
        .options(_WHOLE_BASE)
    )
    return session.execute(query).one_or_none()


def expired(session: Session, now: datetime, limit: int) -> list[Render]:
    """Return renders that have expired."""
    query = select(Render).where(Render.expires_at <= now).order_by(Render.expires_at)
    return list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def lock_segment(session: Session, digest: str) -> None:
    """Wait until no other process renders this segment. The lock ends with the transaction."""
    session.execute(LOCK, {"number": int(digest[:15], 16)})


def segment(session: Session, digest: str) -> RenderedSegment | None:
    return session.get(RenderedSegment, digest)


def note_use(session: Session, film: str, digest: str, now: datetime) -> bool:
    """Note that a film shows a segment; return False if there is no such segment any more."""
    # Locked so that it cannot go before the row that names it is there.
    own = select(RenderedSegment.digest).where(RenderedSegment.digest == digest)
    if session.scalar(own.with_for_update(key_share=True)) is None:
        return False
    use = insert(SegmentUse).values(film=film, digest=digest, used_at=now)
    again = {"used_at": now}
    session.execute(use.on_conflict_do_update(index_elements=["film", "digest"], set_=again))
    return True


def delete_uses(session: Session, films: Collection[str]) -> list[str]:
    """Note that films show nothing any more; return the digests of what they showed."""
    gone = delete(SegmentUse).where(SegmentUse.film.in_(films)).returning(SegmentUse.digest)
    return list(session.scalars(gone))


def films_after(session: Session, film: str, limit: int) -> list[str]:
    """Return the next films, by name, of which it is noted what they show."""
    query = select(SegmentUse.film).where(SegmentUse.film > film).distinct()
    return list(session.scalars(query.order_by(SegmentUse.film).limit(limit)))


def delete_outdated_uses(session: Session, films: Collection[str]) -> list[str]:
    """Note what these films do not show any more; return the digests of that."""
    share = select(Share.slug).where(
        Share.slug == SegmentUse.film, Share.updated_at <= SegmentUse.used_at
    )
    render = select(Render.slug).where(Render.slug == SegmentUse.film)
    recipient = select(Recipient.code).where(Recipient.code == SegmentUse.film)
    gone = delete(SegmentUse).where(
        SegmentUse.film.in_(films), ~share.exists(), ~render.exists(), ~recipient.exists()
    )
    return list(session.scalars(gone.returning(SegmentUse.digest)))


def delete_unused(session: Session, digests: Collection[str]) -> list[str]:
    """Delete those of the segments that no film shows; return the keys of their files."""
    named = RenderedSegment.digest.in_(set(digests))
    # A film that begins to show one of them waits, and then finds it gone; see `note_use`.
    session.execute(select(RenderedSegment.digest).where(named).with_for_update()).all()
    used = select(SegmentUse.digest).where(SegmentUse.digest == RenderedSegment.digest)
    gone = delete(RenderedSegment).where(named, ~used.exists()).returning(RenderedSegment.file)
    return list(session.scalars(gone))
