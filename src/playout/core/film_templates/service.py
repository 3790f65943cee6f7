"""Use cases of film templates: list, get, create."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from playout.core.film_templates import queries
from playout.core.film_templates.model import NAME_LENGTH, FilmTemplate, NewTemplate
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos
from playout.core.videos import sources
from playout.core.videos.sources import SourceSlot
from playout.kit.errors import Invalid, require_found
from playout.kit.hooks import Hook
from playout.kit.ids import uuid7
from playout.kit.storage.store import StoredContent

template_created: Hook[[WriteUnit, FilmTemplate]] = Hook()


@dataclass(frozen=True, slots=True)
class Film:
    """The bytes of a new video's source, which are stored already."""

    video_uid: UUID
    asset_id: UUID
    content: StoredContent

    @property
    def key(self) -> str:
        return source_key(self.video_uid, self.asset_id)


def source_key(video_uid: UUID, asset_id: UUID) -> str:
    """Return the key of a video's source in the storage."""
    return f"sources/{video_uid}/{asset_id}"


def list_templates(unit: ReadUnit, project_uid: UUID) -> tuple[Project, list[FilmTemplate]]:
    """Return a project and its templates, newest first. Raise `NotFound`."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return project, queries.of_project(unit, project)


def page(
    unit: ReadUnit, project_uid: UUID, before: int | None, limit: int
) -> tuple[Project, list[FilmTemplate]]:
    """Return a project and some of its templates, newest first, from below that version on.

    Raise `NotFound`.
    """
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return project, queries.page(unit, project, before, limit)


def chosen(unit: ReadUnit, project_uid: UUID, ids: Collection[UUID]) -> list[FilmTemplate]:
    """Return those templates of a project, newest first. Raise `NotFound` for the project."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return queries.by_ids(unit, project, ids) if ids else []


def get(unit: ReadUnit, project_uid: UUID, template_id: UUID) -> FilmTemplate:
    """Return a template of a project. Raise `NotFound`."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return require_found(queries.by_id(unit, project, template_id), "template")


def check_may_create(unit: ReadUnit, project_uid: UUID) -> Project:
    """Return the project before the files of a template are received.

    Raise `Forbidden`, `NotFound`, and `Conflict` when it is archived.
    """
    unit.principal.require(Permission.FILM_TEMPLATES_WRITE)
    project = projects.get(unit, project_uid)
    projects.check_not_archived(project)
    return project


def create(unit: WriteUnit, project_uid: UUID, new: NewTemplate, film: UUID | Film) -> FilmTemplate:
    """Create the next version of a project's template, in the state Testing.

    `film` is a video of the project, or the source of a new one. Raise as `check_may_create` does,
    and `Invalid` for a video that is not the project's own.
    """
    unit.principal.require(Permission.FILM_TEMPLATES_WRITE)
    project = projects.get_for_update(unit, project_uid)
    projects.check_not_archived(project)
    version = queries.next_version(unit, project)
    name = (new.name or "")[:NAME_LENGTH] or f"Template {version}"
    template = unit.stamp(
        FilmTemplate(
            id=new.id,
            organization_id=project.organization_id,
            project=project,
            version=version,
            name=name,
            manifest=new.manifest,
            details=new.details,
            assets=new.assets,
            poster_key=new.poster_key,
            video_uid=_video(unit, project, film, name),
            warnings=new.warnings,
        )
    )
    unit.session.add(template)
    unit.session.flush()
    unit.record("film_template.created", template, differences({}, template.audit_state()))
    template_created(unit, template)
    return template


def _video(unit: WriteUnit, project: Project, film: UUID | Film, title: str) -> UUID:
    if isinstance(film, UUID):
        if queries.video_of(unit, project, film) is None:
            problem = "Name a video of this project, and of no sub-account."
            raise Invalid(f"video_id: {problem}", {"video_id": problem})
        return film
    draft = videos.draft(unit, project, {"title": title})
    draft.uid = film.video_uid
    (video,) = videos.insert(unit, [draft])
    slot = SourceSlot(video.id, video.organization_id, film.asset_id, film.key)
    sources.close_source(unit, slot, film.content)
    return video.uid


def poster_key(template: FilmTemplate) -> str:
    """Return the key of a template's poster. Raise `NotFound` if it has none."""
    return require_found(template.poster_key, "poster")


def new_ids() -> tuple[UUID, UUID, UUID]:
    """Return ids for a template, for its video, and for the source of that."""
    return uuid7(), uuid7(), uuid7()
