"""Use cases of child resources, which are the same for distributions and activations."""

from collections.abc import Mapping, Sequence

from playout.core.batch import Change, check_distinct, for_each_item
from playout.core.distributions import productions, queries
from playout.core.distributions.delivery import packaging_status, production_media
from playout.core.distributions.jobs import announce_later
from playout.core.distributions.model import (
    Activation,
    Child,
    ChildFields,
    ChildResource,
    Distribution,
)
from playout.core.distributions.settings import bounded, patched
from playout.core.distributions.transitions import record_transition
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.kit.errors import require_found


def get(unit: ReadUnit, kind: type[Child], video: Video, child_id: int) -> Child:
    """Return a child resource of a production that the caller may see. Raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    found = queries.by_ids(unit, kind, video, [child_id])
    return require_found(found.get(child_id), kind.noun())


def create(
    unit: WriteUnit, kind: type[Child], production_id: int, items: Sequence[ChildFields]
) -> list[Child]:
    """Add child resources to a production. Each needs a `name`, and may have `settings`.

    Raise `NotFound` when there is no such production, and `Invalid` for wrong settings.
    """
    video = _get_for_update(unit, kind, production_id)

    def add(fields: ChildFields) -> Child:
        settings = bounded(fields.get("settings", {}))
        kind.check_settings(settings)
        child = unit.stamp(kind(video=video, name=fields["name"], settings=settings))
        unit.session.add(child)
        return child

    added = for_each_item(items, add)
    unit.session.flush()  # gives them their ids, which the events name
    _mark_announced(unit, video, added)
    unit.invalidate(video.cache_key)  # a first activation ends what played without one
    for child in added:
        unit.record(f"{kind.noun()}.created", child, differences({}, child.audit_state()))
    return added


def update(
    unit: WriteUnit, kind: type[Child], production_id: int, change: Change[ChildFields]
) -> Child:
    """Change a child resource. Settings are merged (RFC 7396), fields left out keep their values.

    A change that changes nothing is not recorded. Raise `NotFound`, and `Invalid` as `create` does.
    """
    video = _get_for_update(unit, kind, production_id)
    found = queries.by_ids(unit, kind, video, [change.id])
    changed = _change(unit, kind, found, change)
    _announce(unit, kind, video)
    return changed


def update_many(
    unit: WriteUnit, kind: type[Child], production_id: int, changes: Sequence[Change[ChildFields]]
) -> list[Child]:
    """Change several child resources of one production, all of them or none."""
    video = _get_for_update(unit, kind, production_id)
    found = _several(unit, kind, video, [change.id for change in changes])
    changed = for_each_item(changes, lambda change: _change(unit, kind, found, change))
    _announce(unit, kind, video)
    return changed


def remove(unit: WriteUnit, kind: type[Child], production_id: int, child_id: int) -> None:
    """Remove a child resource; the ledger keeps its name. Raise `NotFound`."""
    video = _get_for_update(unit, kind, production_id)
    _remove(unit, kind, queries.by_ids(unit, kind, video, [child_id]), child_id)


def remove_many(unit: WriteUnit, kind: type[Child], production_id: int, ids: Sequence[int]) -> None:
    """Remove several child resources of one production, all of them or none."""
    video = _get_for_update(unit, kind, production_id)
    found = _several(unit, kind, video, ids)
    for_each_item(ids, lambda each: _remove(unit, kind, found, each))


def _get_for_update(unit: WriteUnit, kind: type[Child], production_id: int) -> Video:
    """Lock the production, so that changes of its child resources wait for each other."""
    unit.principal.require(kind.write_permission)
    return productions.get_for_update(unit, production_id)


def _several(
    unit: WriteUnit, kind: type[Child], video: Video, ids: Sequence[int]
) -> dict[int, Child]:
    check_distinct(ids)
    return queries.by_ids(unit, kind, video, ids)


def _change(
    unit: WriteUnit, kind: type[Child], found: Mapping[int, Child], change: Change[ChildFields]
) -> Child:
    child = require_found(found.get(change.id), kind.noun())
    unit.check_if_match(child.etag)
    before = child.audit_state()
    child.name = change.fields.get("name", child.name)
    child.settings = patched(child.settings, change.fields.get("settings", {}))
    kind.check_settings(child.settings)
    changes = differences(before, child.audit_state())
    if changes:
        unit.record(f"{kind.noun()}.updated", child, changes)
        if isinstance(child, Activation):
            record_transition(unit, child)
    return child


def _remove(unit: WriteUnit, kind: type[Child], found: Mapping[int, Child], child_id: int) -> None:
    child = require_found(found.get(child_id), kind.noun())
    unit.check_if_match(child.etag)
    unit.session.delete(child)
    unit.record(f"{kind.noun()}.deleted", child, {"name": [child.name, None]})


def _mark_announced(unit: WriteUnit, video: Video, added: Sequence[ChildResource]) -> None:
    """Note the first status of new child resources, which needs no event."""
    for activation in (each for each in added if isinstance(each, Activation)):
        activation.mark_announced(unit.now)
    distributions = [each for each in added if isinstance(each, Distribution)]
    if not distributions:
        return
    media = production_media(unit, video)
    for distribution in distributions:
        distribution.announced = packaging_status(distribution, media).status


def _announce(unit: WriteUnit, kind: type[Child], video: Video) -> None:
    """Defer `announce`: changed settings may have changed the packaging status."""
    if issubclass(kind, Distribution):
        announce_later(unit, video)
