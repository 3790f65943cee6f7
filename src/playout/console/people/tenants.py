"""All organizations of the installation, and what its workers do, for its Owner."""

from playout.console.paging import Place
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.maintenance import installation
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.jobs import STALLED_AFTER

JOBS = "/organization/jobs"


def show_organizations(visit: Visit) -> Outcome:
    """Show organizations, newest first, a page at a time."""
    visit.principal.require(Permission.ORGANIZATIONS_WRITE)
    place = Place.of(visit)
    with visit.read() as unit:
        found = installation.organizations(unit, place.search, place.last, place.limit)
        organization = projects.get_organization(unit, None)
    shown = place.cut(found)
    values = {
        "tab": "all",
        "organization": organization,
        "search": place.search,
        "tenants": shown,
        "next": place.next(found, shown[-1].id if shown else 0),
        "problem": None,
    }
    return Shown("installation_organizations.html", values)


def show_work(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show workers, queues and the jobs that failed."""
    visit.principal.require(Permission.ORGANIZATIONS_WRITE)
    place = Place.of(visit)
    with visit.read() as unit:
        work = installation.work(unit, place.last, place.limit)
        organization = projects.get_organization(unit, None)
    failed = place.cut(work.failed)
    now = utcnow()
    values = {
        "tab": "jobs",
        "organization": organization,
        "workers": [
            {
                "id": each.id,
                "running": each.running,
                "seen_at": each.last_heartbeat,
                "is_alive": (now - each.last_heartbeat).total_seconds() < STALLED_AFTER,
            }
            for each in work.workers
        ],
        "queues": work.queues,
        "failed": failed,
        "next": place.next(work.failed, failed[-1].id if failed else 0),
        "problem": problem,
    }
    return Shown("installation_work.html", values, problem.status if problem else 200)


def retry(visit: Visit) -> Outcome:
    """Let a failed job run again."""
    try:
        with visit.write() as unit:
            installation.retry(unit, visit.number("job"))
    except NotFound as error:
        return show_work(visit, Problem.of(error))
    return GoTo(JOBS, Note.RETRIED)
