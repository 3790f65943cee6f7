"""Use cases of projects."""

from slugify import slugify
from sqlalchemy.exc import IntegrityError

from playout.core.accounts.model import Organization
from playout.core.permissions import Permission
from playout.core.projects.model import Project
from playout.core.unit import WriteUnit
from playout.kit.errors import Conflict


def create(unit: WriteUnit, organization: Organization, name: str) -> Project:
    """Open a project; its slug, unique in the organisation, comes from its name."""
    unit.principal.require(Permission.PROJECTS_WRITE)
    project = Project(
        organization_id=organization.id,
        name=name,
        slug=slugify(name) or "project",
        created_at=unit.now,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(project)
    except IntegrityError as error:
        raise Conflict(f"There is a project {project.slug!r} already.") from error
    unit.record("project.created", project.subject, {"name": [None, name]})
    return project
