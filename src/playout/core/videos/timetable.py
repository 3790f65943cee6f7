"""The changes of a video that are to be made at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypedDict

MAX_TIMED_VISIBILITIES = 20


class TimedVisibility(TypedDict):
    """A visibility, and the time from which a video has it. The time is text where it is stored."""

    at: Any
    visibility: str


class Publishing(StrEnum):
    """A change of a video that is not one of its visibility."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


@dataclass(frozen=True, slots=True, order=True)
class TimedChange:
    """A change at a time. `to` is a `Publishing`, or the name of a visibility."""

    at: datetime
    to: str


def timed_changes(
    publish_at: datetime | None,
    unpublish_at: datetime | None,
    visibility_at: Sequence[Mapping[str, Any]],
) -> list[TimedChange]:
    """Return the changes that are still to be made, the earliest first."""
    changes = [TimedChange(parse_time(each["at"]), each["visibility"]) for each in visibility_at]
    if publish_at is not None:
        changes.append(TimedChange(publish_at, Publishing.PUBLISH))
    if unpublish_at is not None:
        changes.append(TimedChange(unpublish_at, Publishing.UNPUBLISH))
    return sorted(changes)


def parse_time(at: str | datetime) -> datetime:
    """Return a time as it is stored, or as it is sent, in UTC."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC)


def stored_visibilities(sent: Sequence[TimedVisibility]) -> list[dict[str, str]]:
    """Return timed visibilities as they are stored, the earliest first."""
    rows = sorted((parse_time(each["at"]), str(each["visibility"])) for each in sent)
    return [{"at": at.isoformat(), "visibility": visibility} for at, visibility in rows]
