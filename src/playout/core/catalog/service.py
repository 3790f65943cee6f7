"""Use cases of the catalog, which are the same for all of its tables."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from playout.core.catalog import queries
from playout.core.catalog.model import CatalogFields, Category, Subcategory, Tag
from playout.core.catalog.queries import Entry
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Conflict, Invalid, require_found
from playout.kit.text import tag_form


def get(unit: ReadUnit, table: type[Entry], entry_id: int) -> Entry:
    """Return an entry of the caller's organization, or raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    entry = queries.by_id(unit, table, _organization_id(unit), entry_id)
    return require_found(entry, table.noun())


def page(unit: ReadUnit, table: type[Entry], offset: int, limit: int) -> tuple[list[Entry], int]:
    """Return a page of the caller's organization, in alphabetical order, and the number of all."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.page(unit, table, _organization_id(unit), offset, limit)


def tags_named(unit: WriteUnit, names: Sequence[str]) -> list[Tag]:
    """Return the tags of those names, in their order, each once. Add the ones that there are not.

    Raise `Forbidden` if one is missing and the caller may not add it.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    by_form = {tag_form(name): name for name in reversed(names)}
    found = queries.tags_of_forms(unit, _organization_id(unit), by_form)
    wanted = dict.fromkeys(map(tag_form, names))
    return [found.get(form) or add(unit, Tag, {"name": by_form[form]}) for form in wanted]


def add(unit: WriteUnit, table: type[Entry], fields: CatalogFields) -> Entry:
    """Add an entry. Raise `Conflict` when the name is taken."""
    unit.principal.require(Permission.CATALOG_WRITE)
    check_web_addresses(fields)
    _check_category(unit, table, fields)
    entry = unit.stamp(table(organization_id=_organization_id(unit), **fields))
    _write(unit, entry)
    unit.record(f"{table.noun()}.created", entry, differences({}, fields))
    return entry


def update(unit: WriteUnit, table: type[Entry], entry_id: int, fields: CatalogFields) -> Entry:
    """Change an entry. Fields that are left out keep their values.

    Raise as `add` does, and `NotFound`.
    """
    unit.principal.require(Permission.CATALOG_WRITE)
    check_web_addresses(fields)
    _check_category(unit, table, fields)
    entry = get(unit, table, entry_id)
    changes = differences({name: getattr(entry, name) for name in fields}, fields)
    if changes:
        for name, value in fields.items():
            setattr(entry, name, value)
        unit.record(f"{table.noun()}.updated", entry, changes)
        _write(unit, entry)
    return entry


def remove(unit: WriteUnit, table: type[Entry], entry_id: int) -> None:
    """Remove an entry. Raise `Conflict` while anything refers to it."""
    unit.principal.require(Permission.CATALOG_WRITE)
    entry = get(unit, table, entry_id)
    try:
        with unit.session.begin_nested():
            unit.session.delete(entry)
    except IntegrityError as error:
        raise Conflict("Something still refers to it.") from error
    unit.record(f"{table.noun()}.deleted", entry, {"name": [entry.name, None]})


def _check_category(unit: WriteUnit, table: type[Entry], fields: CatalogFields) -> None:
    category_id = fields.get("category_id")
    if table is not Subcategory or category_id is None:
        return
    if queries.by_id(unit, Category, _organization_id(unit), category_id) is None:
        raise Invalid(
            "Unknown category.", {"category": "There is none with this id that you may use."}
        )


def _write(unit: WriteUnit, entry: Entry) -> None:
    """Write a new or a changed entry. Raise `Conflict` when the name is taken."""
    try:
        with unit.session.begin_nested():
            unit.session.add(entry)
    except IntegrityError as error:
        raise Conflict("This name is taken.", {"name": "This name is taken."}) from error


def _organization_id(unit: ReadUnit) -> int:
    if unit.principal.organization_id is None:
        raise Invalid("The catalog is an organization's; the operator has none.")
    return unit.principal.organization_id
