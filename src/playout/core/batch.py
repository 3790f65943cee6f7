"""Batches: many items in one transaction, of which all are done or none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from playout.kit.errors import Invalid, PlayoutError

MAX_ITEMS = 500

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of the thing with that id; what `fields` does not name stays."""

    id: int
    fields: Mapping[str, Any]


def in_turn(items: Sequence[Item], use: Callable[[Item], Result]) -> list[Result]:
    """Do the same with each item. An error names the item by its index, which starts at 0."""
    return [_named(index, item, use) for index, item in enumerate(items)]


def check_distinct(ids: Sequence[int]) -> None:
    """Raises `Invalid` where an id stands twice: which of the two is meant is anybody's guess.

    0 is no id, but what stands for a text that is none.
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
