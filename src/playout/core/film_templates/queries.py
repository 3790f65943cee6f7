"""Every query about film templates. Each takes a project that the caller may see."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from playout.core.film_templates.model import FilmTemplate, FilmTemplateChannel, State
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


def of_project(unit: ReadUnit, project: Project) -> list[FilmTemplate]:
    """Return the templates of a project, newest first."""
    query = select(FilmTemplate).where(FilmTemplate.project_id == project.id)
    return list(unit.session.scalars(query.order_by(FilmTemplate.version.desc())))


def page(unit: ReadUnit, project: Project, before: int | None, limit: int) -> list[FilmTemplate]:
    """Return templates of a project, newest first, from below that version on."""
    query = select(FilmTemplate).where(FilmTemplate.project_id == project.id)
    if before is not None:
        query = query.where(FilmTemplate.version < before)
    return list(unit.session.scalars(query.order_by(FilmTemplate.version.desc()).limit(limit)))


def by_ids(unit: ReadUnit, project: Project, ids: Collection[UUID]) -> list[FilmTemplate]:
    """Return those templates of a project, newest first."""
    own = FilmTemplate.id.in_(ids), FilmTemplate.project_id == project.id
    query = select(FilmTemplate).where(*own).order_by(FilmTemplate.version.desc())
    return list(unit.session.scalars(query))


def by_id(unit: ReadUnit, project: Project, template_id: UUID) -> FilmTemplate | None:
    own = FilmTemplate.id == template_id, FilmTemplate.project_id == project.id
    return unit.session.scalar(select(FilmTemplate).where(*own))


def in_state(unit: ReadUnit, project: Project, state: State) -> list[FilmTemplate]:
    own = FilmTemplate.project_id == project.id, FilmTemplate.state == state
    return list(unit.session.scalars(select(FilmTemplate).where(*own)))


def next_version(unit: ReadUnit, project: Project) -> int:
    """Return the number of the next version. The project must be locked."""
    query = select(func.max(FilmTemplate.version)).where(FilmTemplate.project_id == project.id)
    return (unit.session.scalar(query) or 0) + 1


def channels(unit: ReadUnit, project: Project) -> dict[Channel, FilmTemplateChannel]:
    """Return the channels of a project that hold a template."""
    query = select(FilmTemplateChannel).where(FilmTemplateChannel.project_id == project.id)
    return {each.channel: each for each in unit.session.scalars(query)}


def channel(unit: ReadUnit, project: Project, channel: Channel) -> FilmTemplateChannel | None:
    return unit.session.get(FilmTemplateChannel, (project.id, channel))


def video_of(unit: ReadUnit, project: Project, uid: UUID) -> Video | None:
    """Return the video if it is one of that project, and the organization's own."""
    own = Video.project_id == project.id, Video.sub_account_id.is_(None)
    query = select(Video).where(Video.uid == uid, *own, Video.deleted_at.is_(None))
    return unit.session.scalar(query)
