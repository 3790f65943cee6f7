"""The check of what a caller plans for a video at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from playout.core.permissions import Permission
from playout.core.unit import WriteUnit
from playout.core.videos.model import TIMED, Video, VideoFields
from playout.core.videos.timetable import (
    MAX_TIMED_VISIBILITIES,
    parse_time,
    stored_visibilities,
)
from playout.kit.errors import Invalid

PAST = "It must be in the future."


def checked(unit: WriteUnit, video: Video, fields: VideoFields) -> VideoFields:
    """Return the fields, with visibilities to come as they are stored.

    Raise `Forbidden` unless the caller may publish, and `Invalid` for a time that is not in the
    future or that two changes have. Times that the video has already are not checked.
    """
    fields = fields.copy()
    if (at := fields.get("publish_at")) is not None:
        fields["publish_at"] = parse_time(at)
    if (at := fields.get("unpublish_at")) is not None:
        fields["unpublish_at"] = parse_time(at)
    if "visibility_at" in fields:
        stored: Any = stored_visibilities(fields["visibility_at"] or ())
        fields["visibility_at"] = stored
    before = {name: getattr(video, name) or None for name in TIMED}
    after = before | {name: value or None for name, value in fields.items() if name in TIMED}
    if after != before:
        unit.principal.require(Permission.VIDEOS_PUBLISH)
        _check_publishing(before, after, unit.now)
        _check_visibilities(before["visibility_at"] or [], after["visibility_at"] or [], unit.now)
    return fields


def _check_publishing(before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> None:
    for name in ("publish_at", "unpublish_at"):
        if after[name] is not None and after[name] != before[name] and after[name] <= now:
            raise _wrong(name, PAST)
    if after["publish_at"] is not None and after["publish_at"] == after["unpublish_at"]:
        raise _wrong("unpublish_at", "It must be another time than publish_at.")


def _check_visibilities(
    before: list[dict[str, str]], after: list[dict[str, str]], now: datetime
) -> None:
    if len(after) > MAX_TIMED_VISIBILITIES:
        raise _wrong("visibility_at", f"At most {MAX_TIMED_VISIBILITIES} changes can be planned.")
    if any(parse_time(each["at"]) <= now for each in after if each not in before):
        raise _wrong("visibility_at", PAST)
    if len({each["at"] for each in after}) < len(after):
        raise _wrong("visibility_at", "Each change needs a time of its own.")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", {field: message})
