"""Use cases of projects: list, open, change, archive."""

from collections.abc import Sequence
from uuid import UUID

from slugify import slugify
from sqlalchemy.exc import IntegrityError

from playout.core.accounts import queries as accounts
from playout.core.accounts.model import Key, Organization
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import queries
from playout.core.projects.model import Project, ProjectStatus
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict, Forbidden, Invalid, NotFound
from playout.kit.ids import parse_id


def listed(unit: ReadUnit, organization_uid: UUID | None = None) -> list[Project]:
    """The projects that the caller may see, oldest first, or those of one organization.

    Raises `NotFound` for an organization that is not the caller's.
    """
    unit.principal.require(Permission.PROJECTS_READ)
    if organization_uid is None:
        return queries.visible(unit)
    return queries.of_organization(unit, organization(unit, organization_uid).id)


def get(unit: ReadUnit, uid: UUID) -> Project:
    """One project that the caller may see; else `NotFound`."""
    unit.principal.require(Permission.PROJECTS_READ)
    return _found(queries.by_uid(unit, uid))


def organization(unit: ReadUnit, uid: UUID | None) -> Organization:
    """The organization that is named, else the caller's own; `NotFound` where it is not theirs."""
    wanted = uid or unit.principal.organization_uid
    found = accounts.organization_by_uid(unit, wanted) if wanted else None
    if found is None:
        raise NotFound("There is no such organization.")
    return found


def default_id(unit: ReadUnit) -> int | None:
    """The id of the project that is meant where none is named; None when there is none.

    It is what the key's settings say under `defaults.property`, else the oldest project of the
    organization that the key may use.
    """
    key = accounts.own_key(unit)
    if key is not None and key.default_project is not None:
        return parse_id(key.default_project)
    organization_id = unit.principal.organization_id
    first = queries.first_of(unit, organization_id) if organization_id is not None else None
    return first.id if first else None


def require_all(unit: ReadUnit, project_ids: Sequence[int]) -> None:
    """See that all of them are projects that the caller may use. Raises `Invalid`."""
    for project_id in project_ids:
        if queries.by_id(unit, project_id) is None:
            raise Invalid("Unknown workspace.", {"workspaces": f"There is no {project_id}."})


def require_default(unit: ReadUnit, key: Key) -> None:
    """See that the project which the settings of a key name, if any, is one that the key may use.

    Raises `Invalid`.
    """
    if key.default_project is None:
        return
    project = queries.by_id(unit, parse_id(key.default_project))
    if (
        project is None
        or project.organization_id != key.organization_id
        or (key.project_ids is not None and project.id not in key.project_ids)
    ):
        problem = f"There is no {key.default_project} that the key may use."
        raise Invalid("Unknown project.", {"settings.defaults.property": problem})


def create(
    unit: WriteUnit,
    organization: Organization,
    name: str,
    status: ProjectStatus = ProjectStatus.ACTIVE,
) -> Project:
    """Open a project; its slug, unique in the organization, comes from its name.

    Raises `Conflict` when that is taken, and `Forbidden` for a key that is confined to projects:
    it could not see the new one.
    """
    unit.principal.require(Permission.PROJECTS_WRITE)
    if unit.principal.project_ids is not None:
        raise Forbidden("This key is confined to the projects it has.")
    _check_status(status)
    project = Project(
        organization_id=organization.id,
        name=name,
        slug=slugify(name) or "project",
        status=status,
        created_at=unit.now,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(project)
    except IntegrityError as error:
        raise Conflict(f"There is a project {project.slug!r} already.") from error
    unit.record("project.created", project.subject, differences({}, project.state()))
    return project


def update(unit: WriteUnit, uid: UUID, name: str, status: ProjectStatus | None = None) -> Project:
    """Rename a project, or change its status; its slug stays. What is so already stays.

    An archived project is a `Conflict`, unless a status brings it back: that takes the permission
    that archiving takes.
    """
    unit.principal.require(Permission.PROJECTS_WRITE)
    if status is not None:
        _check_status(status)
    project = locked(unit, uid)
    unit.expect(project.etag)
    if status is None:
        check_open(project)
    elif project.status is ProjectStatus.ARCHIVED:
        unit.principal.require(Permission.PROJECTS_ARCHIVE)
    before = project.state()
    project.name, project.status = name, status or project.status
    changed = differences(before, project.state())
    if changed:
        unit.record("project.updated", project.subject, changed)
    return project


def archive(unit: WriteUnit, uid: UUID) -> Project:
    """Put a project away: its shares stop serving at once. Doing it again changes nothing."""
    unit.principal.require(Permission.PROJECTS_ARCHIVE)
    project = locked(unit, uid)
    unit.expect(project.etag)
    if project.status is not ProjectStatus.ARCHIVED:
        before = project.state()
        project.status = ProjectStatus.ARCHIVED
        changes = differences(before, project.state())
        unit.record("project.archived", project.subject, changes)
    return project


def locked(unit: WriteUnit, uid: UUID) -> Project:
    """A project that the caller may see, so that what happens in it happens in turn."""
    return _found(queries.for_update(unit, uid))


def of(unit: ReadUnit, project_id: int) -> Project:
    """The project of something that the caller may see."""
    return _found(queries.by_id(unit, project_id))


def check_open(project: Project) -> None:
    """Raises `Conflict` when the project is archived."""
    if project.status is ProjectStatus.ARCHIVED:
        raise Conflict("The project is archived.")


def _check_status(status: ProjectStatus) -> None:
    if status is ProjectStatus.ARCHIVED:
        raise Invalid("A project is archived, not set so.", {"status": "Archive the project."})


def _found(project: Project | None) -> Project:
    if project is None:
        raise NotFound("There is no such project.")
    return project
