"""Use cases of projects: list, get, create, change, archive."""

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
from playout.kit.errors import Conflict, Forbidden, Invalid, require_found
from playout.kit.ids import parse_id


def list_projects(unit: ReadUnit, organization_uid: UUID | None = None) -> list[Project]:
    """Return the projects that the caller may see, or those of one organization, oldest first.

    Raise `NotFound` for an organization that is not the caller's.
    """
    unit.principal.require(Permission.PROJECTS_READ)
    if organization_uid is None:
        return queries.visible(unit)
    return queries.of_organization(unit, get_organization(unit, organization_uid).id)


def get(unit: ReadUnit, uid: UUID) -> Project:
    """Return a project that the caller may see, or raise `NotFound`."""
    unit.principal.require(Permission.PROJECTS_READ)
    return require_found(queries.by_uid(unit, uid), "project")


def get_organization(unit: ReadUnit, uid: UUID | None) -> Organization:
    """Return the organization that is named, or else the caller's own.

    Raise `NotFound` for an organization that is not the caller's.
    """
    wanted = uid or unit.principal.organization_uid
    organization = accounts.organization_by_uid(unit, wanted) if wanted else None
    return require_found(organization, "organization")


def default_id(unit: ReadUnit) -> int | None:
    """Return the id of the project for requests that name none; None when there is no project.

    It is `defaults.property` in the settings of the key, or else the oldest project of the
    organization that the key may use.
    """
    key = accounts.own_key(unit)
    if key is not None and key.default_project is not None:
        return parse_id(key.default_project)
    organization_id = unit.principal.organization_id
    if organization_id is None:
        return None
    first = queries.first_of_organization(unit, organization_id)
    return first.id if first else None


def check_usable(unit: ReadUnit, project_ids: Sequence[int]) -> None:
    """Raise `Invalid` unless the caller may use all of the projects."""
    for project_id in project_ids:
        if queries.by_id(unit, project_id) is None:
            raise Invalid("Unknown workspace.", {"workspaces": f"There is no {project_id}."})


def check_default(unit: ReadUnit, key: Key) -> None:
    """Raise `Invalid` unless a key may use the default project in its settings, if there is one."""
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
    """Create a project. Its slug comes from its name, and is unique in the organization.

    Raise `Conflict` when the slug is taken, and `Forbidden` for a key that is confined to projects,
    which could not see the new one.
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
    unit.record("project.created", project, differences({}, project.audit_state()))
    return project


def update(unit: WriteUnit, uid: UUID, name: str, status: ProjectStatus | None = None) -> Project:
    """Rename a project, or change its status; its slug stays.

    A change that changes nothing is not recorded. Raise `Conflict` for an archived project, unless
    a status reactivates it, which needs the same permission as archiving.
    """
    unit.principal.require(Permission.PROJECTS_WRITE)
    if status is not None:
        _check_status(status)
    project = get_for_update(unit, uid)
    unit.check_if_match(project.etag)
    if status is None:
        check_not_archived(project)
    elif project.status is ProjectStatus.ARCHIVED:
        unit.principal.require(Permission.PROJECTS_ARCHIVE)
    before = project.audit_state()
    project.name, project.status = name, status or project.status
    changes = differences(before, project.audit_state())
    if changes:
        unit.record("project.updated", project, changes)
    return project


def archive(unit: WriteUnit, uid: UUID) -> Project:
    """Archive a project: its shares stop serving at once. Doing it again changes nothing."""
    unit.principal.require(Permission.PROJECTS_ARCHIVE)
    project = get_for_update(unit, uid)
    unit.check_if_match(project.etag)
    if project.status is not ProjectStatus.ARCHIVED:
        before = project.audit_state()
        project.status = ProjectStatus.ARCHIVED
        changes = differences(before, project.audit_state())
        unit.record("project.archived", project, changes)
    return project


def get_for_update(unit: WriteUnit, uid: UUID) -> Project:
    """Return a project, locked so that changes in it wait for each other, or raise `NotFound`."""
    return require_found(queries.for_update(unit, uid), "project")


def get_by_id(unit: ReadUnit, project_id: int) -> Project:
    """Return the project of something that the caller may see, or raise `NotFound`."""
    return require_found(queries.by_id(unit, project_id), "project")


def check_not_archived(project: Project) -> None:
    """Raise `Conflict` when the project is archived."""
    if project.status is ProjectStatus.ARCHIVED:
        raise Conflict("The project is archived.")


def _check_status(status: ProjectStatus) -> None:
    if status is ProjectStatus.ARCHIVED:
        raise Invalid(
            "The status Archived cannot be set: archive the project.",
            {"status": "Archive the project."},
        )
