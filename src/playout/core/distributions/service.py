"""Use cases of distributions and activations: add, read, change, remove."""

from collections.abc import Mapping, Sequence
from typing import Any

from playout.core.batch import Change, check_distinct, in_turn
from playout.core.distributions import productions, queries
from playout.core.distributions.delivery import made_of, standing
from playout.core.distributions.jobs import announce_later
from playout.core.distributions.model import Activation, Distribution, Kind, Part
from playout.core.distributions.settings import bounded, patched
from playout.core.distributions.transitions import tell
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import NotFound


def get(unit: ReadUnit, kind: type[Kind], video: Video, part_id: int) -> Kind:
    """What a production that the caller has been shown has under that id; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return _found(kind, queries.by_ids(unit, kind, video, [part_id]), part_id)


def create(
    unit: WriteUnit, kind: type[Kind], production_id: int, items: Sequence[Mapping[str, Any]]
) -> list[Kind]:
    """Add to a production, with `name` and, if they are said, `settings`.

    Raises `NotFound` when there is no such production, and `Invalid` for settings that make no
    sense.
    """
    video = _locked(unit, kind, production_id)

    def add(fields: Mapping[str, Any]) -> Kind:
        settings = bounded(fields.get("settings", {}))
        kind.check(settings)
        part = kind(
            video_id=video.id,
            name=fields["name"],
            settings=settings,
            created_at=unit.now,
            created_by=unit.principal.name,
            updated_at=unit.now,
            updated_by=unit.principal.name,
        )
        unit.session.add(part)
        return part

    added = in_turn(items, add)
    unit.session.flush()  # gives them their ids, which the ledger tells
    _settle(unit, video, added)
    for part in added:
        _record(unit, "created", part, video, differences({}, part.state()))
    return added


def update(unit: WriteUnit, kind: type[Kind], production_id: int, change: Change) -> Kind:
    """Change one: settings are merged (RFC 7396), what is not named stays.

    Raises `NotFound`, and `Invalid` as `create` does. What changes nothing leaves no trace.
    """
    video = _locked(unit, kind, production_id)
    found = queries.by_ids(unit, kind, video, [change.id])
    changed = _changed(unit, kind, video, found, change)
    _announce(unit, kind, video)
    return changed


def update_many(
    unit: WriteUnit, kind: type[Kind], production_id: int, changes: Sequence[Change]
) -> list[Kind]:
    """Change several of one production, all of them or none."""
    video = _locked(unit, kind, production_id)
    found = _several(unit, kind, video, [change.id for change in changes])
    changed = in_turn(changes, lambda change: _changed(unit, kind, video, found, change))
    _announce(unit, kind, video)
    return changed


def remove(unit: WriteUnit, kind: type[Kind], production_id: int, part_id: int) -> None:
    """Remove one; the ledger keeps what it was. Raises `NotFound`."""
    video = _locked(unit, kind, production_id)
    _remove(unit, kind, video, queries.by_ids(unit, kind, video, [part_id]), part_id)


def remove_many(unit: WriteUnit, kind: type[Kind], production_id: int, ids: Sequence[int]) -> None:
    """Remove several of one production, all of them or none."""
    video = _locked(unit, kind, production_id)
    found = _several(unit, kind, video, ids)
    in_turn(ids, lambda each: _remove(unit, kind, video, found, each))


def _locked(unit: WriteUnit, kind: type[Kind], production_id: int) -> Video:
    """The production, locked: what happens to what it has happens in turn."""
    unit.principal.require(kind.writing)
    return productions.locked(unit, production_id)


def _several(
    unit: WriteUnit, kind: type[Kind], video: Video, ids: Sequence[int]
) -> dict[int, Kind]:
    check_distinct(ids)
    return queries.by_ids(unit, kind, video, ids)


def _changed(
    unit: WriteUnit, kind: type[Kind], video: Video, found: Mapping[int, Kind], change: Change
) -> Kind:
    part = _found(kind, found, change.id)
    unit.expect(part.etag)
    before = part.state()
    part.name = change.fields.get("name", part.name)
    part.settings = patched(part.settings, change.fields.get("settings", {}))
    kind.check(part.settings)
    changed = differences(before, part.state())
    if changed:
        part.updated_at, part.updated_by = unit.now, unit.principal.name
        _record(unit, "updated", part, video, changed)
        if isinstance(part, Activation):
            tell(unit, part, video)
    return part


def _remove(
    unit: WriteUnit, kind: type[Kind], video: Video, found: Mapping[int, Kind], part_id: int
) -> None:
    part = _found(kind, found, part_id)
    unit.expect(part.etag)
    unit.session.delete(part)
    _record(unit, "deleted", part, video, {"name": [part.name, None]})


def _record(
    unit: WriteUnit, verb: str, part: Kind, video: Video, changes: Mapping[str, Any]
) -> None:
    unit.record(f"{part.noun()}.{verb}", part.subject(video), changes)


def _settle(unit: WriteUnit, video: Video, parts: Sequence[Part]) -> None:
    """New ones stand as they do, and nothing is told of it before it changes."""
    for activation in (part for part in parts if isinstance(part, Activation)):
        activation.note(unit.now)
    distributions = [part for part in parts if isinstance(part, Distribution)]
    if not distributions:
        return
    made = made_of(unit, video)
    for each in distributions:
        each.announced = standing(each, made).status


def _announce(unit: WriteUnit, kind: type[Kind], video: Video) -> None:
    """Have told how distributions stand with other settings."""
    if issubclass(kind, Distribution):
        announce_later(unit, video)


def _found(kind: type[Kind], found: Mapping[int, Kind], part_id: int) -> Kind:
    part = found.get(part_id)
    if part is None:
        raise NotFound(f"There is no such {kind.noun()}.")
    return part
