"""The room of automation: keys, webhooks with their deliveries, and events, by their addresses."""

from collections.abc import Callable, Mapping

from playout.console.automation import deliveries, events, keys, webhooks
from playout.console.visit import Outcome, Visit
from playout.core.permissions import Permission

WEBHOOK = f"{webhooks.ROOM}/{{webhook}}"
DELIVERY = "/automation/deliveries/{delivery}"


def index(visit: Visit) -> Outcome:
    """Show the keys, or the events to whoever may not see keys."""
    may_manage = visit.principal.may(Permission.KEYS_WRITE)
    return keys.index(visit) if may_manage else events.index(visit)


PAGES: Mapping[str, Callable[[Visit], Outcome]] = {
    "/automation": index,
    "/automation/keys": keys.index,
    webhooks.ROOM: webhooks.index,
    WEBHOOK: webhooks.show,
    DELIVERY: deliveries.show,
    "/automation/events": events.index,
    "/automation/events/after/{position}": events.after,
}
FORMS: Mapping[str, Callable[[Visit], Outcome]] = {
    "/automation/keys": keys.create,
    "/automation/keys/{key}/revoke": keys.revoke,
    webhooks.ROOM: webhooks.create,
    WEBHOOK: webhooks.save,
    f"{WEBHOOK}/secret": webhooks.reveal,
    f"{WEBHOOK}/rotate": webhooks.rotate,
    f"{WEBHOOK}/resend": webhooks.resend_failed,
    f"{WEBHOOK}/delete": webhooks.delete,
    f"{WEBHOOK}/{{verb}}": webhooks.act,
    f"{DELIVERY}/resend": deliveries.resend,
}
