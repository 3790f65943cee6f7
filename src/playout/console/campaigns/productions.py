"""Productions: the list, and the page of one with its campaigns."""

from typing import Any
from urllib.parse import urlencode

from playout.console.campaigns import previews, timeline
from playout.console.campaigns.distributions import rows
from playout.console.campaigns.problems import problem_of
from playout.console.fields import needed_text, number
from playout.console.texts import marked, translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.batch import Change
from playout.core.distributions import productions, queries
from playout.core.distributions.model import Activation, Distribution
from playout.core.distributions.schedule import ActivationStatus
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import ProjectStatus
from playout.core.videos import access
from playout.core.videos.model import TITLE_LENGTH, Status, Video
from playout.kit.errors import PlayoutError
from playout.kit.ids import parse_id

PAGE_SIZE = 50
CHILDREN_SHOWN = 100
STATES = {
    Status.NOT_STARTED: ("draft", "Waits for its file"),
    Status.IN_PROGRESS: ("coming", "Processing"),
    Status.COMPLETED: ("draft", "Draft"),
    Status.FAILED: ("failed", "Failed"),
}


def index(visit: Visit) -> Outcome:
    """Show productions, newest first, of one project or of all."""
    project_id = parse_id(visit.query.get("project", "")) or None
    before = parse_id(visit.query.get("before", "")) or None
    with visit.read() as unit:
        found = productions.page(unit, PAGE_SIZE + 1, before, project_id)
        shown, is_more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
        distributions = queries.counts_of(unit, Distribution, shown)
        activations = queries.counts_of(unit, Activation, shown)
        usable = projects.list_projects(unit)
    names = {each.id: each.name for each in usable}
    wanted = {"project": project_id} if project_id else {}
    values = {
        "rows": [
            {
                "production": each,
                "state": state(each),
                "project": names.get(each.project_id, ""),
                "distributions": sum(distributions.get(each.id, {}).values()),
                "activations": _told(activations.get(each.id, {})),
            }
            for each in shown
        ],
        "projects": usable,
        "chosen": project_id,
        "next": urlencode({**wanted, "before": shown[-1].id}) if is_more else None,
        "may_add": visit.principal.may(Permission.VIDEOS_WRITE),
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("campaigns/index.html", values)


def new(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that creates a production."""
    visit.principal.require(Permission.VIDEOS_WRITE)
    with visit.read() as unit:
        usable = [
            each
            for each in projects.list_projects(unit)
            if each.status is not ProjectStatus.ARCHIVED
        ]
    values = {
        "projects": usable,
        "sent": visit.form,
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("campaigns/new_production.html", values, problem.status if problem else 200)


def create(visit: Visit) -> Outcome:
    """Create a production, which waits for its file."""
    try:
        name = needed_text(visit.form, "name", TITLE_LENGTH)
        with visit.write() as unit:
            (video,) = productions.create(
                unit, [{"name": name, "property": number(visit.form, "project")}]
            )
            return GoTo(f"/campaigns/{video.id}", Note.ADDED)
    except PlayoutError as error:
        return new(visit, problem_of(error))


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show a production: when it runs, how it is packaged, and what a viewer would get."""
    with visit.read() as unit:
        video = productions.get(unit, visit.number("production"))
        activations = queries.page(unit, Activation, video, CHILDREN_SHOWN + 1)
        distributions = queries.page(unit, Distribution, video, CHILDREN_SHOWN + 1)
        names = {each.id: each.name for each in projects.list_projects(unit)}
        values: dict[str, Any] = {
            **production_values(visit, video),
            "state": state(video),
            "project": names.get(video.project_id, ""),
            "may_change": access.may_change(unit, video),
            "may_activate": visit.principal.may(Permission.ACTIVATIONS_WRITE),
            "may_distribute": visit.principal.may(Permission.DISTRIBUTIONS_WRITE),
            "timeline": timeline.values(visit.query, activations[:CHILDREN_SHOWN], unit.now),
            "is_more": max(len(activations), len(distributions)) > CHILDREN_SHOWN,
            "distributions": rows(
                unit, video, distributions[:CHILDREN_SHOWN], visit.runtime.playback
            ),
            "preview": previews.values(unit, visit),
            "query": visit.query,
            "sent": visit.form,
            "problem": problem,
        }
        return Shown("campaigns/production.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Rename a production. Somebody else's change in the meantime is not overwritten."""
    try:
        name = needed_text(visit.form, "name", TITLE_LENGTH)
        with visit.write() as unit:
            productions.update(unit, Change(visit.number("production"), {"name": name}))
    except PlayoutError as error:
        return show(visit, problem_of(error))
    return GoTo(f"/campaigns/{visit.number('production')}", Note.SAVED)


def delete(visit: Visit) -> Outcome:
    """Delete a production, which is a video, for good."""
    with visit.write() as unit:
        productions.remove(unit, visit.number("production"))
    return GoTo("/campaigns", Note.DELETED)


def state(video: Video) -> tuple[str, str]:
    """Return the state of a production: its sign, and its word."""
    sign, word = STATES[video.status] if video.is_draft else ("is", marked("Published"))
    return sign, translated(word)


def production_values(visit: Visit, video: Video) -> dict[str, Any]:
    """Return what every page below a production shows of it."""
    return {
        "production": video,
        "here_is": f"/campaigns/{video.id}",
        "base_url": visit.runtime.settings.base_url,
    }


def _told(counts: dict[str, int]) -> list[tuple[str, str]]:
    """Return the signs and words of the activations of a production, most urgent first."""
    order = [ActivationStatus.LIVE, ActivationStatus.SCHEDULED, ActivationStatus.ENDED]
    return [
        (timeline.SIGNS[each], f"{counts[each]} {translated(timeline.WORDS[each]).lower()}")
        for each in order
        if each in counts
    ]
