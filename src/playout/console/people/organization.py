"""The parts of an organization: sub-accounts, projects, and the storage that it uses."""

from uuid import UUID

from playout.console.fields import needed_text
from playout.console.paging import Place
from playout.console.people import members
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.accounts import lists, service
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import NAME_LENGTH, ProjectStatus
from playout.core.uploads import service as uploads
from playout.kit.errors import Conflict, NotFound, PlayoutError, PreconditionFailed

SUB_ACCOUNTS, PROJECTS = "/organization/sub-accounts", "/organization/projects"


def index(visit: Visit) -> Outcome:
    """Show the members to those who manage them, and the projects to everybody else."""
    show = members.index if visit.principal.may(Permission.MEMBERS_WRITE) else show_projects
    return show(visit)


def show_sub_accounts(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the sub-accounts."""
    visit.principal.require(Permission.SUB_ACCOUNTS_WRITE)
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
        place = Place.of(visit)
        accounts = lists.sub_accounts(unit, organization.id, place.last, place.limit)
    values = {
        "tab": "sub-accounts",
        "organization": organization,
        "accounts": place.cut(accounts),
        "next": place.next(accounts, place.cut(accounts)[-1].id if accounts else 0),
        "sent": visit.form,
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("sub_accounts.html", values, problem.status if problem else 200)


def add_sub_account(visit: Visit) -> Outcome:
    """Create a sub-account."""
    try:
        with visit.write() as unit:
            name = needed_text(visit.form, "name", service.NAME_LENGTH)
            service.create_sub_account(unit, projects.get_organization(unit, None), name)
    except PlayoutError as error:
        return show_sub_accounts(visit, Problem.of(error))
    return GoTo(SUB_ACCOUNTS, Note.ADDED)


def show_projects(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the projects, and the storage that all sources take."""
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
        usable = projects.list_projects(unit, organization.uid)
        used = uploads.used_bytes(unit, organization.id)
    may_archive = visit.principal.may(Permission.PROJECTS_ARCHIVE)
    values = {
        "tab": "projects",
        "organization": organization,
        "projects": usable,
        "archived": ProjectStatus.ARCHIVED,
        "used_bytes": used,
        "most_bytes": visit.runtime.settings.max_organization_bytes,
        "may_change": visit.principal.may(Permission.PROJECTS_WRITE),
        "may_archive": may_archive,
        "sent": visit.form,
        "failed": visit.path.get("project"),
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("projects.html", values, problem.status if problem else 200)


def add_project(visit: Visit) -> Outcome:
    """Create a project."""
    try:
        with visit.write() as unit:
            name = needed_text(visit.form, "name", NAME_LENGTH)
            projects.create(unit, projects.get_organization(unit, None), name)
    except PlayoutError as error:
        return show_projects(visit, Problem.of(error))
    return GoTo(PROJECTS, Note.ADDED)


def rename_project(visit: Visit) -> Outcome:
    """Rename a project."""
    try:
        with visit.write() as unit:
            projects.update(unit, _uid(visit), needed_text(visit.form, "name", NAME_LENGTH))
    except PlayoutError as error:
        return show_projects(visit, Problem.of(error))
    return GoTo(PROJECTS, Note.SAVED)


def archive_project(visit: Visit) -> Outcome:
    """Archive a project: its landing pages rest."""
    try:
        with visit.write() as unit:
            projects.archive(unit, _uid(visit))
    except (Conflict, PreconditionFailed) as error:
        return show_projects(visit, Problem.of(error))
    return GoTo(PROJECTS, Note.ARCHIVED)


def reactivate_project(visit: Visit) -> Outcome:
    """Use an archived project again."""
    try:
        with visit.write() as unit:
            name = projects.get(unit, _uid(visit)).name
            projects.update(unit, _uid(visit), name, ProjectStatus.ACTIVE)
    except (Conflict, PreconditionFailed) as error:
        return show_projects(visit, Problem.of(error))
    return GoTo(PROJECTS, Note.REACTIVATED)


def _uid(visit: Visit) -> UUID:
    try:
        return UUID(visit.path["project"])
    except ValueError:
        raise NotFound("There is no such project.") from None
