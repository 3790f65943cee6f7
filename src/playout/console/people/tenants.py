"""All organizations of the installation, and what its workers do, for its Owner."""

from urllib.parse import urlencode

from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.maintenance import installation
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.ids import parse_id
from playout.kit.jobs import STALLED_AFTER
from playout.kit.text import normalize

ON_A_PAGE = 25
WORK = "/organization/work"


def show_organizations(visit: Visit) -> Outcome:
    """Show organizations, newest first, a page at a time."""
    visit.principal.require(Permission.ORGANIZATIONS_WRITE)
    search = normalize(visit.query.get("q", "").replace("\0", "")).strip()[:255]
    with visit.read() as unit:
        found = installation.organizations(unit, search, before(visit), ON_A_PAGE + 1)
        organization = projects.get_organization(unit, None)
    shown, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
    values = {
        "tab": "all",
        "organization": organization,
        "search": search,
        "tenants": shown,
        "next": urlencode({"q": search, "before": shown[-1].id}) if more else "",
        "problem": None,
    }
    return Shown("installation_organizations.html", values)


def show_work(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show workers, queues and the jobs that failed."""
    visit.principal.require(Permission.ORGANIZATIONS_WRITE)
    with visit.read() as unit:
        work = installation.work(unit, before(visit), ON_A_PAGE + 1)
        organization = projects.get_organization(unit, None)
    failed, more = work.failed[:ON_A_PAGE], len(work.failed) > ON_A_PAGE
    now = utcnow()
    values = {
        "tab": "work",
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
        "next": urlencode({"before": failed[-1].id}) if more else "",
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
    return GoTo(WORK, Note.RETRIED)


def before(visit: Visit) -> int | None:
    """Return the id at which a page ends; None for the first page."""
    return parse_id(visit.query.get("before", "")) or None
