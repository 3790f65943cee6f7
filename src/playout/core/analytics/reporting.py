"""Views that another server reports, whose site shows videos in a player of its own."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from playout.core.analytics.events import LATEST_MS, Event, Kind
from playout.core.analytics.model import REPORTED_VIEWS
from playout.core.analytics.subjects import project_subject, publication_subject, video_subject
from playout.core.analytics.visitors import visitor_hash
from playout.core.analytics.writing import Row, create_partition, has_partition, write_rows
from playout.core.permissions import Permission
from playout.core.publications import queries
from playout.core.publications.queries import PublishedVideo
from playout.core.unit import WriteUnit
from playout.kit.errors import Forbidden, require_found
from playout.kit.ids import hex24


class Step(StrEnum):
    """The progress of a viewer."""

    VIEW = "view"
    PROGRESS = "progress"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class ViewReport:
    """A viewer, how far they are, and how much of the video they watched so far.

    `viewer` is any text that tells the viewers of a site apart; None makes each report a view.
    """

    publication_id: str
    viewer: str | None
    step: Step
    watched_ms: int


class Counted(NamedTuple):
    """The result of a report: whether the view is new, and whether it is complete now."""

    is_new: bool
    is_complete: bool
    views: int
    """The views of the video, as they were counted last."""


class _Seen(NamedTuple):
    watched_ms: int
    is_complete: bool


def report_view(unit: WriteUnit, salt: bytes, sent: ViewReport) -> Counted:
    """Count a view of a public video, or what is new in one: once for each viewer and day (UTC).

    The viewer is stored as any visitor is: as a hash of the `salt` that is destroyed after the day.
    Raise `NotFound`, and `Forbidden` for the publication of another account.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = require_found(queries.public(unit.session, sent.publication_id), "publication")
    video = found.video
    if not unit.principal.owns(video.organization_id, video.project_id, video.sub_account_id):
        raise Forbidden("The publication does not belong to this account.")
    day = unit.now.date()
    viewer = sent.viewer or hex24()
    view = visitor_hash(salt, viewer, f"{found.publication.id} {unit.principal.organization_id}")
    visitor = visitor_hash(salt, viewer, str(unit.principal.organization_id))
    watched = min(sent.watched_ms, _duration_ms(found))
    is_complete = sent.step is Step.COMPLETE
    before = _remember(unit.session, day, view, watched, is_complete=is_complete)
    events = list(_new(before, sent.step, watched))
    if not has_partition(unit.session, day):
        create_partition(unit.session, day)
    write_rows(unit.session, (_row(unit, found, view, visitor, each) for each in events))
    done = is_complete or (before is not None and before.is_complete)
    return Counted(before is None, done, video.views)


def _duration_ms(found: PublishedVideo) -> int:
    return (found.asset.duration_ms if found.asset else None) or LATEST_MS


def _remember(
    session: Session, day: date, view: int, watched_ms: int, *, is_complete: bool
) -> _Seen | None:
    """Note what is known of a view now. Return what was known before; None for a new one."""
    table = REPORTED_VIEWS
    values = {"day": day, "view": view, "watched_ms": watched_ms, "is_complete": is_complete}
    added = insert(table).values(values).on_conflict_do_nothing().returning(literal(1))
    if session.scalar(added):
        return None
    place = (table.c.day == day, table.c.view == view)
    known = select(table.c.watched_ms, table.c.is_complete).where(*place).with_for_update()
    before = _Seen(*session.execute(known).one())
    session.execute(
        table.update()
        .where(*place)
        .values(
            watched_ms=func.greatest(table.c.watched_ms, watched_ms),
            is_complete=table.c.is_complete | is_complete,
        )
    )
    return before


def _new(before: _Seen | None, step: Step, watched_ms: int) -> list[Event]:
    """Return what a report says that was not known before."""
    seen = before or _Seen(0, is_complete=False)
    events = [] if before else [Event(Kind.VIEW)]
    if step is not Step.VIEW or watched_ms:
        events.append(Event(Kind.PLAY))
    if watched_ms > seen.watched_ms:
        events.append(Event(Kind.WATCH, seen.watched_ms, watched_ms))
    if step is Step.COMPLETE and not seen.is_complete:
        events.append(Event(Kind.COMPLETE))
    return events


def _row(unit: WriteUnit, found: PublishedVideo, view: int, visitor: int, event: Event) -> Row:
    subjects = [
        video_subject(found.video.id),
        project_subject(found.video.project_id),
        publication_subject(found.publication.id),
    ]
    return Row(
        at=unit.now,
        subjects=subjects,
        view=view,
        visitor=visitor,
        kind=event.kind,
        country="",
        device="",
        referrer="",
        site="",
        rendition=None,
        from_ms=event.from_ms,
        to_ms=event.to_ms,
        ms=None,
    )
