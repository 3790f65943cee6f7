"""Every query of events: a principal reads an event only if it may read its subject now."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Select, Uuid, case, cast, or_

from playout.core.ledger import cursor
from playout.core.ledger import queries as ledger
from playout.core.ledger.cursor import EventBatch, Position
from playout.core.ledger.model import Entry
from playout.core.ledger.queries import EntryPage, EventFilter
from playout.core.permissions import Permission, Role
from playout.core.principal import Principal
from playout.core.unit import ReadUnit
from playout.core.videos import queries as videos

NEEDED: Mapping[str, Permission] = {
    "organization": Permission.PROJECTS_READ,
    "project": Permission.PROJECTS_READ,
    "template": Permission.VIDEOS_READ,
    "category": Permission.VIDEOS_READ,
    "subcategory": Permission.VIDEOS_READ,
    "tag": Permission.VIDEOS_READ,
    "video": Permission.VIDEOS_READ,
    "upload": Permission.VIDEOS_WRITE,
    "distribution": Permission.VIDEOS_READ,
    "activation": Permission.VIDEOS_READ,
    "link": Permission.VIDEOS_PUBLISH,
    "experiment": Permission.VIDEOS_READ,
    "film_template": Permission.SHARES_READ,
    # More than for the share itself: its events are its audit trail.
    "share": Permission.SHARES_WRITE,
    "recipient": Permission.SHARES_WRITE,
    "recipients": Permission.SHARES_WRITE,
    "render": Permission.RENDERS_WRITE,
    "credential": Permission.CREDENTIALS_WRITE,
    "key": Permission.KEYS_WRITE,
    "member": Permission.MEMBERS_WRITE,
    "invitation": Permission.MEMBERS_WRITE,
    "sub_account": Permission.SUB_ACCOUNTS_WRITE,
    "webhook": Permission.WEBHOOKS_WRITE,
}
"""The permission that the routes of a subject need to show it, by the type of the subject."""
OF_OTHERS = Permission.KEYS_WRITE
"""The permission for events of all other subjects, such as denied requests: they tell what others
tried."""
OF_VIDEOS = frozenset({"video", "upload", "distribution", "activation", "link", "experiment"})
"""The types of subjects that belong to a video, and may be read with it."""


def page(unit: ReadUnit, filter: EventFilter, offset: int, limit: int) -> EntryPage:
    """Return a page of events, newest first."""
    return ledger.page(unit.session, readable_by(unit.principal), filter, offset, limit)


def read_before(
    unit: ReadUnit,
    organization_id: int,
    filter: EventFilter,
    position: Position | None,
    limit: int,
) -> list[Entry]:
    """Return the newest `limit` events of an organization, or those before a position."""
    readable = readable_by(unit.principal).where(Entry.organization_id == organization_id)
    return ledger.before(unit.session, readable, filter, position, limit)


def read_after(unit: ReadUnit, filter: EventFilter, position: Position, limit: int) -> EventBatch:
    """Return the first `limit` events after a position, as `cursor.read_after` does."""
    readable = readable_by(unit.principal)
    return cursor.read_after(unit.session, readable, filter, position, limit)


def readable_by(principal: Principal) -> Select[Entry]:
    """Return the query of the events that a principal may read.

    An event must have happened within the reach of the principal, and its subject must be there
    now. If the subject was deleted, the permission for its type decides.
    """
    query = ledger.within_reach(principal)
    if principal.role is Role.OWNER:
        return query
    return query.where(*_of_readable_types(principal), *_of_readable_videos(principal))


def _of_readable_types(principal: Principal) -> Iterator[ColumnElement[bool]]:
    """Yield a condition for the types of subjects, unless the principal may read all."""
    denied = [type for type, permission in NEEDED.items() if not principal.may(permission)]
    if not principal.may(OF_OTHERS):
        yield Entry.subject_type.in_([each for each in NEEDED if each not in denied])
    elif denied:
        yield Entry.subject_type.not_in(denied)


def _of_readable_videos(principal: Principal) -> Iterator[ColumnElement[bool]]:
    """Yield a condition for the videos of events, unless the principal may read all within
    its reach, and no video can move out of its reach."""
    confined = principal.project_ids is not None or principal.sub_account_id is not None
    if principal.manages_videos and not confined:
        return
    # The uid of a video stands in the names of the things that belong to it. `case` keeps the
    # database from casting the ids of others.
    uid = case(
        (Entry.subject_type == "video", cast(Entry.subject_id, Uuid)),
        else_=cast(Entry.names["video"]["uid"].astext, Uuid),
    )
    yield or_(Entry.subject_type.not_in(sorted(OF_VIDEOS)), videos.history_readable(principal, uid))
