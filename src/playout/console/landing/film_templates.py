"""The film templates of a project: which channel holds which, and a picture with test data."""

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from playout.compose.manifest.fields import DataField
from playout.compose.manifest.parts import MAX_SECONDS
from playout.console.fields import json_object
from playout.console.landing.places import channel_in, uid_in, uid_of
from playout.console.visit import Drawn, GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.film_templates import channels, previews, service
from playout.core.film_templates.model import FilmTemplate
from playout.core.permissions import Permission
from playout.core.projects.channel import Channel
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid, NotFound, PlayoutError

EXAMPLES = {"number": 1234.5, "currency": 1234.5, "date": "2026-11-27", "boolean": True}
"""Test data by the type of a field. A text gets the name of its field."""


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the templates of a project, and one of them with the data in the address."""
    with visit.read() as unit:
        project, found = service.list_templates(unit, uid_in(visit, "project"))
        held = channels.list_channels(unit, project.uid)[1]
        chosen = _chosen(visit, found)
        values: dict[str, Any] = {
            "project": project,
            "templates": [
                (each, [name for name in held if held[name].template_id == each.id])
                for each in found
            ],
            "chosen": chosen,
            "channels": list(Channel),
            "may_change": visit.principal.may(Permission.SHARES_WRITE),
            "problem": problem,
            "picture": None,
        }
        if chosen is not None:
            asked = _asked(visit, chosen)
            values["asked"] = asked
            try:
                _opened(visit, unit, chosen.id, asked)
                values["picture"] = f"{chosen.id}/picture?{urlencode(asked)}"
            except Invalid as error:
                values["problem"] = problem or Problem.of(error)
    return Shown("film_templates.html", values, problem.status if problem else 200)


def picture(visit: Visit) -> Outcome:
    """Draw the film of a template at one moment, with test data."""
    asked = {name: visit.query.get(name, "") for name in ("second", "data")}
    with visit.read() as unit:
        preview = _opened(visit, unit, uid_in(visit, "template"), asked)
    return Drawn(previews.draw(visit.runtime, preview))


def publish(visit: Visit) -> Outcome:
    """Let a channel hold a template, or none if the form names none."""
    project, chosen = uid_in(visit, "project"), visit.form.get("template", "")
    channel = channel_in(visit)
    try:
        with visit.write() as unit:
            if chosen:
                channels.publish(unit, project, channel, uid_of(chosen, "template"))
            else:
                channels.unpublish(unit, project, channel)
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(f"/landing/{project}/templates", Note.SAVED)


def _chosen(visit: Visit, found: list[FilmTemplate]) -> FilmTemplate | None:
    """Return the template that the address names, or else the newest."""
    wanted = visit.query.get("template", "")
    return next((each for each in found if str(each.id) == wanted), next(iter(found), None))


def _asked(visit: Visit, template: FilmTemplate) -> dict[str, str]:
    """Return the moment and the data, as the address has them, or else examples."""
    data = {name: _example(name, each) for name, each in template.parsed().fields.items()}
    written = {name: value for name, value in data.items() if value is not None}
    asked = visit.query if visit.query.get("template", "") == str(template.id) else {}
    return {
        "second": asked.get("second", "0"),
        "data": asked.get("data", json.dumps(written, indent=2, ensure_ascii=False)),
    }


def _example(name: str, field: DataField) -> object:
    if isinstance(field.default, date):
        return field.default.isoformat()
    if field.default is None and field.type == "text":
        return name[: field.max_length]
    return EXAMPLES.get(field.type) if field.default is None else field.default


def _opened(
    visit: Visit, unit: ReadUnit, template_id: UUID, asked: dict[str, str]
) -> previews.Preview:
    try:
        second = float(asked["second"])
    except ValueError:
        second = -1
    if not 0 <= second <= MAX_SECONDS:
        raise Invalid("second: Write a number of seconds.", {"second": "Write a number."})
    data = json_object(asked, "data") or {}
    project = uid_in(visit, "project")
    return previews.open_preview(unit, project, template_id, second, data)
