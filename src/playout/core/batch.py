"""Batches: many items in one transaction, which all succeed or all fail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from playout.kit.errors import Invalid, PlayoutError

MAX_ITEMS = 500

Item = TypeVar("Item")
Result = TypeVar("Result")
Fields_co = TypeVar("Fields_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[Fields_co]):
    """The fields to change in the row with that id. Fields that are left out keep their values."""

    id: int
    fields: Fields_co


def for_each_item(items: Sequence[Item], use: Callable[[Item], Result]) -> list[Result]:
    """Call `use` with each item. An error names the item by its index, which starts at 0."""
    return [_named(index, item, use) for index, item in enumerate(items)]


def check_distinct(ids: Sequence[int]) -> None:
    """Raise `Invalid` when an id occurs twice, because either item could be the intended one.

    0 may occur more often: it replaces every text that is not an id.
    """
    first: dict[int, int] = {}
    for index, each in enumerate(ids):
        before = first.setdefault(each, index)
        if each and before != index:
            raise Invalid(f"item {index}: Its id is that of item {before} already.")


def _named(index: int, item: Item, use: Callable[[Item], Result]) -> Result:
    try:
        return use(item)
    except PlayoutError as error:
        raise type(error)(f"item {index}: {error.message}", error.details) from error
