"""Use cases of the catalog, the same for all that is in it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from playout.core.catalog import queries
from playout.core.catalog.model import Category, Subcategory
from playout.core.catalog.queries import Kind
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict, Invalid, NotFound


def get(unit: ReadUnit, kind: type[Kind], entry_id: int) -> Kind:
    """One entry of the caller's organization; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    entry = queries.by_id(unit, kind, _organization(unit), entry_id)
    if entry is None:
        raise NotFound(f"There is no such {kind.__name__.lower()}.")
    return entry


def page(unit: ReadUnit, kind: type[Kind], offset: int, limit: int) -> tuple[list[Kind], int]:
    """A page of the caller's organization, in alphabetical order, and how many there are."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.page(unit, kind, _organization(unit), offset, limit)


def add(unit: WriteUnit, kind: type[Kind], fields: Mapping[str, Any]) -> Kind:
    """Enter one. Raises `Conflict` when the name is taken."""
    unit.principal.require(Permission.CATALOG_WRITE)
    _check_category(unit, kind, fields)
    entry = kind(
        organization_id=_organization(unit),
        created_at=unit.now,
        created_by=unit.principal.name,
        updated_at=unit.now,
        updated_by=unit.principal.name,
        **fields,
    )
    _write(unit, entry)
    _record(unit, entry, "created", differences({}, dict(fields)))
    return entry


def update(unit: WriteUnit, kind: type[Kind], entry_id: int, fields: Mapping[str, Any]) -> Kind:
    """Change one; what is not named stays. Raises as `add` does, and `NotFound`."""
    unit.principal.require(Permission.CATALOG_WRITE)
    _check_category(unit, kind, fields)
    entry = get(unit, kind, entry_id)
    changed = differences({name: getattr(entry, name) for name in fields}, dict(fields))
    if not changed:
        return entry
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.updated_at, entry.updated_by = unit.now, unit.principal.name
    _write(unit, entry)
    _record(unit, entry, "updated", changed)
    return entry


def remove(unit: WriteUnit, kind: type[Kind], entry_id: int) -> None:
    """Remove one. Raises `Conflict` while anything refers to it."""
    unit.principal.require(Permission.CATALOG_WRITE)
    entry = get(unit, kind, entry_id)
    try:
        with unit.session.begin_nested():
            unit.session.delete(entry)
    except IntegrityError as error:
        raise Conflict("Something still refers to it.") from error
    _record(unit, entry, "deleted", {"name": [entry.name, None]})


def _check_category(unit: WriteUnit, kind: type[Kind], fields: Mapping[str, Any]) -> None:
    wanted = fields.get("category_id")
    if kind is not Subcategory or wanted is None:
        return
    if queries.by_id(unit, Category, _organization(unit), wanted) is None:
        raise Invalid("Unknown category.", {"category": "There is none such that you may use."})


def _write(unit: WriteUnit, entry: Kind) -> None:
    try:
        with unit.session.begin_nested():
            unit.session.add(entry)
    except IntegrityError as error:
        raise Conflict("This name is taken.", {"name": "This name is taken."}) from error


def _record(unit: WriteUnit, entry: Kind, what: str, changes: Mapping[str, Any]) -> None:
    unit.record(f"{entry.subject.type}.{what}", entry.subject, changes)


def _organization(unit: ReadUnit) -> int:
    if unit.principal.organization_id is None:
        raise Invalid("The catalog is an organization's; the operator has none.")
    return unit.principal.organization_id
