"""Deliveries to webhook endpoints: what was sent, each attempt, and to send it again."""

import json

from playout.console.automation import webhooks
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.webhooks import deliveries, service
from playout.kit.errors import PlayoutError


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show a delivery: what is sent, and what each attempt was answered with."""
    with visit.read() as unit:
        delivery, message, attempts = deliveries.get(unit, visit.number("delivery"))
        values = {
            "webhook": webhooks.shown(service.get(unit, delivery.endpoint_id)),
            "delivery": delivery,
            "message": message,
            "body": json.dumps(json.loads(message.body), indent=2, ensure_ascii=False),
            "attempts": [
                (each, each.answer.decode(errors="replace").replace("\0", "\ufffd"))
                for each in attempts
            ],
            "problem": problem,
            "base_url": visit.runtime.settings.base_url,
        }
    return Shown("automation_delivery.html", values, problem.status if problem else 200)


def resend(visit: Visit) -> Outcome:
    """Send a delivery again: the same bytes under the same id."""
    try:
        with visit.write() as unit:
            deliveries.resend(unit, visit.number("delivery"))
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(f"/automation/deliveries/{visit.number('delivery')}", Note.RESENT)
