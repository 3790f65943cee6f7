"""Webhook endpoints: list, create, change, pause, resume, delete; their secrets and a test."""

from typing import Any

from playout.console.fields import moment, needed_text, number, text
from playout.console.texts import marked
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit
from playout.core.webhooks import deliveries, queries, service
from playout.core.webhooks.events import WEBHOOK_EVENTS
from playout.core.webhooks.model import (
    DESCRIPTION_LENGTH,
    MAX_RATE,
    PATTERN_COUNT,
    URL_LENGTH,
    DeliveryState,
    Endpoint,
    EndpointState,
)
from playout.core.webhooks.queries import DeliveryFilter
from playout.core.webhooks.service import EndpointChanges
from playout.kit.errors import Invalid, NotFound, PlayoutError

ROOM = "/automation/webhooks"
PAGE_SIZE = 25
STATES = {
    EndpointState.ENABLED: ("is", "Sends"),
    EndpointState.PAUSED: ("off", "Paused"),
    EndpointState.DISABLED: ("failed", "Disabled"),
}
"""The sign and the word of each state."""
NEW = dict.fromkeys(("url", "event_types", "description", "project", "rate"), "")
"""The fields of the form for another endpoint."""
ACTS = {
    "pause": (service.pause, Note.PAUSED),
    "resume": (service.resume, Note.RESUMED),
    "test": (service.send_test, Note.TEST_SENT),
}


def index(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the endpoints, oldest first, and the form for another one."""
    visit.principal.require(Permission.WEBHOOKS_WRITE)
    with visit.read() as unit:
        rows = [shown(each) for each in queries.endpoints(unit)]
        values = {**_form(unit, visit, problem, NEW), "webhooks": rows}
    return Shown("automation_webhooks.html", values, problem.status if problem else 200)


def create(visit: Visit) -> Outcome:
    """Create an endpoint."""
    try:
        fields = _fields(visit)
        with visit.write() as unit:
            projects.check_usable(unit, fields["project_ids"] or [])
            organization = projects.get_organization(unit, None)
            endpoint, _ = service.create(
                unit,
                visit.runtime.cipher,
                organization,
                fields["url"],
                fields["event_types"],
                description=fields["description"],
                project_ids=fields["project_ids"],
                rate=fields["rate"],
            )
            return GoTo(f"{ROOM}/{endpoint.id}", Note.ADDED)
    except PlayoutError as error:
        return index(visit, Problem.of(error))


def show(visit: Visit, problem: Problem | None = None, secrets: list[str] | None = None) -> Outcome:
    """Show an endpoint with its deliveries, newest first."""
    page, state = max(1, _page(visit)), visit.query.get("state", "")
    with visit.read() as unit:
        endpoint = service.get(unit, visit.number("webhook"))
        wanted = DeliveryState(state) if state in set(DeliveryState) else None
        found, count = deliveries.page(
            unit, DeliveryFilter(endpoint.id, wanted), (page - 1) * PAGE_SIZE, PAGE_SIZE
        )
        values = {
            **_form(unit, visit, problem, _stored(endpoint)),
            "webhook": shown(endpoint),
            "endpoint": endpoint,
            "secrets": secrets,
            "deliveries": [(delivery, message) for delivery, message in found],
            "count": count,
            "states": list(DeliveryState),
            "state": wanted,
            "page": page,
            "has_more": page * PAGE_SIZE < count,
        }
    return Shown("automation_webhook.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Change an endpoint. Somebody else's change in the meantime is not overwritten."""
    try:
        fields = _fields(visit)
        with visit.write() as unit:
            projects.check_usable(unit, fields["project_ids"] or [])
            service.update(unit, visit.number("webhook"), fields)
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit, Note.SAVED)


def act(visit: Visit) -> Outcome:
    """Pause or resume an endpoint, or send it a test."""
    if visit.path["verb"] not in ACTS:
        raise NotFound("There is no such page.")
    use_case, note = ACTS[visit.path["verb"]]
    try:
        with visit.write() as unit:
            use_case(unit, visit.number("webhook"))
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit, note)


def resend_failed(visit: Visit) -> Outcome:
    """Send the failed deliveries of all events since a time again."""
    try:
        since = moment(visit.form, "since")
        if since is None:
            raise Invalid("since: Say from when on.", {"since": "Say from when on."})
        with visit.write() as unit:
            count = deliveries.resend_failed(unit, visit.number("webhook"), since)
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit, Note.RESENT_FAILED if count else Note.NONE_FAILED)


def delete(visit: Visit) -> Outcome:
    """Delete an endpoint with its deliveries."""
    with visit.write() as unit:
        service.delete(unit, visit.number("webhook"))
    return GoTo(ROOM, Note.DELETED)


def rotate(visit: Visit) -> Outcome:
    """Give an endpoint a new secret, and show it. The old one signs for another day, too."""
    with visit.write() as unit:
        service.rotate(unit, visit.runtime.cipher, visit.number("webhook"))
    return reveal(visit)


def reveal(visit: Visit) -> Outcome:
    """Show the secrets that sign now, the newest first."""
    with visit.read() as unit:
        secrets = service.reveal(unit, visit.runtime.cipher, visit.number("webhook"))
    return show(visit, secrets=secrets)


def _back(visit: Visit, note: Note) -> GoTo:
    return GoTo(f"{ROOM}/{visit.number('webhook')}", note)


def _form(
    unit: ReadUnit, visit: Visit, problem: Problem | None, stored: dict[str, Any]
) -> dict[str, Any]:
    """Return what a form for an endpoint needs."""
    return {
        "projects": projects.list_projects(unit),
        "types": WEBHOOK_EVENTS,
        "value": {**stored, **visit.form} if problem else stored,
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }


def _stored(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "url": endpoint.url,
        "event_types": ", ".join(endpoint.event_types),
        "description": endpoint.description,
        "project": _project_of(endpoint),
        "rate": endpoint.rate or "",
    }


def _project_of(endpoint: Endpoint) -> str:
    """Return the choice of the form; several projects, which only the API sets, are one choice."""
    ids = endpoint.project_ids
    return "" if ids is None else ",".join(str(each) for each in ids)


def _fields(visit: Visit) -> EndpointChanges:
    form = visit.form
    patterns = text(form, "event_types", 2000).replace(",", " ").split()
    if len(patterns) > PATTERN_COUNT:
        problem = f"Name {PATTERN_COUNT} at the most."
        raise Invalid(f"event_types: {problem}", {"event_types": problem})
    chosen = form.get("project", "")
    ids = [number({"project": each}, "project") for each in chosen.split(",")] if chosen else None
    return {
        "url": needed_text(form, "url", URL_LENGTH),
        "event_types": patterns,
        "description": text(form, "description", DESCRIPTION_LENGTH),
        "project_ids": ids,
        "rate": _rate(form.get("rate", "").strip()),
    }


def _rate(written: str) -> int | None:
    if not written:
        return None
    if not written.isdecimal() or not 0 < int(written[:9]) <= MAX_RATE:
        problem = f"Write a number from 1 to {MAX_RATE:,}."
        raise Invalid(f"rate: {problem}", {"rate": problem})
    return int(written)


def _page(visit: Visit) -> int:
    written = visit.query.get("page", "")
    return int(written) if written.isdecimal() and len(written) < 6 else 1


def shown(endpoint: Endpoint) -> dict[str, Any]:
    """Return what pages show of an endpoint."""
    sign, word = STATES[endpoint.state]
    if endpoint.state is EndpointState.ENABLED and endpoint.failing_since is not None:
        sign, word = "coming", marked("Fails, and is tried again")
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.event_types,
        "sign": sign,
        "word": word,
        "reason": endpoint.disabled_reason,
        "is_enabled": endpoint.state is EndpointState.ENABLED,
        "is_disabled": endpoint.state is EndpointState.DISABLED,
        "previous_until": endpoint.previous_until,
    }
