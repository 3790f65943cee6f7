"""The film templates of a project: which channel holds which, and a picture with test data."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from playout.compose.manifest.parts import MAX_SECONDS
from playout.console.landing import test_data
from playout.console.landing.places import channel_in, uid_in, uid_of
from playout.console.paging import Place
from playout.console.texts import sentence
from playout.console.visit import Drawn, GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.film_templates import channels, previews, service
from playout.core.film_templates.model import FilmTemplate
from playout.core.permissions import Permission
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.publications import video_pages
from playout.core.unit import ReadUnit
from playout.core.videos.listing import Listing, VideoFilter
from playout.kit.errors import Invalid, NotFound, PlayoutError

MOST_FILMS = 50
"""The newest videos that a new template can have as its film."""


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the templates of a project, and one of them with the data in the address."""
    with visit.read() as unit:
        place = Place.of(visit)
        project, found = service.page(unit, uid_in(visit, "project"), place.last, place.limit)
        shown = place.cut(found)
        held = channels.list_channels(unit, project.uid)[1]
        chosen = _chosen(visit, unit, project, shown)
        others = {each.template_id for each in held.values()} - {each.id for each in shown}
        may_upload = visit.principal.may(Permission.FILM_TEMPLATES_WRITE)
        values: dict[str, Any] = {
            "project": project,
            "templates": [
                (each, [name for name in held if held[name].template_id == each.id])
                for each in shown
            ],
            "choices": [*shown, *service.chosen(unit, project.uid, others)],
            "held": {name: held[name].template_id for name in held},
            "above": place.last,
            "next": place.next(found, shown[-1].version if shown else 0),
            "chosen": chosen,
            "channels": list(Channel),
            "may_change": visit.principal.may(Permission.SHARES_WRITE),
            "may_upload": may_upload,
            "films": _films(unit, project) if may_upload else [],
            "base_url": visit.runtime.settings.base_url,
            "problem": problem,
            **(_preview(visit, unit, chosen) if chosen else {}),
        }
    return Shown("film_templates.html", values, problem.status if problem else 200)


def picture(visit: Visit) -> Outcome:
    """Draw the film of a template at one moment, with test data."""
    with visit.read() as unit:
        project = uid_in(visit, "project")
        template = service.get(unit, project, uid_in(visit, "template"))
        preview = _opened(unit, template, visit.query)
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


def _chosen(
    visit: Visit, unit: ReadUnit, project: Project, shown: Sequence[FilmTemplate]
) -> FilmTemplate | None:
    """Return the template that the address names, or else the newest of the page."""
    wanted = visit.query.get("template", "")
    try:
        named = service.chosen(unit, project.uid, {UUID(wanted)}) if wanted else []
    except ValueError:
        named = []
    return next(iter([*named, *shown]), None)


def _films(unit: ReadUnit, project: Project) -> list[tuple[str, str]]:
    """Return the newest videos of a project that a template can be drawn over."""
    listing = Listing("", "-created_at", VideoFilter(project_id=project.id))
    found = video_pages.page(unit, listing, 0, MOST_FILMS).videos
    own = [each.video for each in found if each.video.sub_account_id is None]
    return [(str(each.uid), each.title) for each in own]


def _preview(visit: Visit, unit: ReadUnit, template: FilmTemplate) -> dict[str, Any]:
    """Return the test data as the address has them, and where their picture is."""
    is_asked = visit.query.get("template", "") == str(template.id)
    sent = dict(visit.query) if is_asked else {}
    values: dict[str, Any] = {
        "rows": list(test_data.rows(template, sent)),
        "second": sent.get("second", "0"),
        "picture": None,
        "problem_of_data": None,
        "wrong_fields": {},
        "film_seconds": None,
    }
    try:
        opened = _opened(unit, template, sent)
    except Invalid as error:
        # Details name the fields with the part of the request that they are in.
        fields = {name.rpartition(".")[2]: sentence(text) for name, text in error.details.items()}
        return values | {"problem_of_data": sentence(error.message), "wrong_fields": fields}
    asked = {"second": values["second"], **test_data.query_of(template, sent)}
    return values | {
        "picture": f"{template.id}/picture?{urlencode(asked)}",
        "film_seconds": opened.film_seconds,
        "data": opened.data,
    }


def _opened(unit: ReadUnit, template: FilmTemplate, sent: Mapping[str, str]) -> previews.Preview:
    try:
        second = float(sent.get("second", "0"))
    except ValueError:
        second = -1
    if not 0 <= second <= MAX_SECONDS:
        raise Invalid("second: Write a number of seconds.", {"second": "Write a number."})
    data = test_data.data_of(template, sent)
    return previews.open_preview(unit, template.project.uid, template.id, second, data)
