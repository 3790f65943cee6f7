"""Activations: when, where and on which platforms a production plays."""

from datetime import datetime
from typing import Any

from playout.console.authors import authors
from playout.console.campaigns import targeting, timeline
from playout.console.campaigns.problems import problem_of
from playout.console.fields import field_moment, moment, needed_text
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.batch import Change
from playout.core.distributions import productions, service
from playout.core.distributions.campaigns import Campaign
from playout.core.distributions.model import Activation, ChildFields
from playout.core.distributions.schedule import END, START
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos.model import TITLE_LENGTH, Video
from playout.kit.clock import rfc3339
from playout.kit.errors import Invalid, NotFound, PlayoutError

TIMES = {"starts": START, "ends": END}
"""The fields of times, and where they stand in the settings."""
AT_ONCE = {"begin": (START, Note.BEGUN), "end": (END, Note.ENDED)}
"""The verbs of what happens at once: the time that each sets, and the note about it."""


def new(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that adds an activation."""
    visit.principal.require(Permission.ACTIVATIONS_WRITE)
    with visit.read() as unit:
        video = productions.get(unit, visit.number("production"))
        return _form(visit, unit, video, None, problem)


def create(visit: Visit) -> Outcome:
    """Add an activation to a production."""
    try:
        fields = _fields(visit)
        with visit.write() as unit:
            service.create(unit, Activation, visit.number("production"), [fields])
    except PlayoutError as error:
        return new(visit, problem_of(error))
    return _back(visit, Note.ADDED)


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that changes an activation; after a clash, with what is stored by now."""
    visit.principal.require(Permission.ACTIVATIONS_WRITE)
    with visit.read() as unit:
        video = productions.get(unit, visit.number("production"))
        found = service.get(unit, Activation, video, visit.number("activation"))
        return _form(visit, unit, video, found, problem)


def save(visit: Visit) -> Outcome:
    """Change an activation. Somebody else's change in the meantime is not overwritten."""
    try:
        _update(visit, _fields(visit))
    except PlayoutError as error:
        return show(visit, problem_of(error))
    return _back(visit, Note.SAVED)


def move(visit: Visit) -> Outcome:
    """Change the times of an activation, as dragging on the time line does."""
    try:
        _update(visit, {"settings": _times(visit)})
    except PlayoutError as error:
        return show(visit, problem_of(error))
    return _back(visit, Note.MOVED)


def act(visit: Visit) -> Outcome:
    """Begin or end an activation now."""
    name, note = AT_ONCE.get(visit.path["verb"], (None, None))
    if name is None or note is None:
        raise NotFound("There is no such page.")
    try:
        with visit.write() as unit:
            now = {name: rfc3339(unit.now, "seconds")}
            change = Change(visit.number("activation"), ChildFields(settings=now))
            service.update(unit, Activation, visit.number("production"), change)
    except PlayoutError as error:
        return show(visit, problem_of(error))
    return _back(visit, note)


def delete(visit: Visit) -> Outcome:
    """Delete an activation."""
    with visit.write() as unit:
        production, activation = visit.number("production"), visit.number("activation")
        service.remove(unit, Activation, production, activation)
    return _back(visit, Note.DELETED)


def _update(visit: Visit, fields: ChildFields) -> None:
    change = Change(visit.number("activation"), fields)
    with visit.write() as unit:
        service.update(unit, Activation, visit.number("production"), change)


def _back(visit: Visit, note: Note) -> GoTo:
    return GoTo(f"/campaigns/{visit.number('production')}", note)


def _fields(visit: Visit) -> ChildFields:
    """Return what the form changes. What is as it was shown stays as it is stored."""
    settings = _times(visit)
    targets = targeting.changed(visit.form)
    if targets:
        settings["targeting"] = targets
    return {"name": needed_text(visit.form, "name", TITLE_LENGTH), "settings": settings}


def _times(visit: Visit) -> dict[str, Any]:
    form = visit.form
    return {
        setting: _written(moment(form, name))
        for name, setting in TIMES.items()
        if name in form and form[name] != form.get(f"{name}_was", "")
    }


def _typed(visit: Visit, name: str) -> str:
    """Return what was typed, for its field; the script sends times that have a zone."""
    try:
        return field_moment(moment(visit.form, name)) if name in TIMES else visit.form[name]
    except Invalid:
        return visit.form[name]


def _written(at: datetime | None) -> str | None:
    if at is None:
        return None
    return rfc3339(at, "milliseconds" if at.microsecond else "seconds")


def _form(
    visit: Visit,
    unit: ReadUnit,
    video: Video,
    found: Activation | None,
    problem: Problem | None,
) -> Outcome:
    campaign = Campaign.parse(found.settings if found else {})
    stored = {
        "name": found.name if found else "",
        "starts": field_moment(campaign.schedule.start),
        "ends": field_moment(campaign.schedule.end),
        **targeting.stored(campaign),
    }
    shown = stored
    if problem:
        typed = {name: _typed(visit, name) for name in ("name", *TIMES) if name in visit.form}
        is_whole = "countries" in visit.form
        shown = {**stored, **typed, **(targeting.sent(visit.form) if is_whole else {})}
    values = {
        "production": video,
        "here_is": f"/campaigns/{video.id}",
        "base_url": visit.runtime.settings.base_url,
        "activation": found,
        "bar": timeline.described(found, unit.now) if found else None,
        "authors": authors(unit, [found.updated_by]) if found else {},
        "stored": stored,
        "regions_was": " ".join(sorted(campaign.regions)),
        "platforms_was": " ".join(sorted(campaign.platforms)),
        "shown": shown,
        "continents": targeting.CONTINENT_NAMES,
        "platforms": targeting.PLATFORM_NAMES,
        "problem": problem,
    }
    return Shown("campaigns/activation.html", values, problem.status if problem else 200)
