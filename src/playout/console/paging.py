"""Pages of a list: how many rows each has, where it begins, and the address of the next one."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from playout.console.visit import Visit
from playout.kit.ids import parse_id
from playout.kit.text import normalize

ON_A_PAGE = 50
SEARCH_LENGTH = 255
Row = TypeVar("Row")


class Place(NamedTuple):
    """A place in a list. `last` is the id of the row above it; None is the beginning."""

    last: int | None
    search: str
    chosen: str
    """Whatever else the address says of the list, such as that it is of revoked keys."""

    @classmethod
    def of(cls, visit: Visit) -> "Place":
        search = normalize(visit.query.get("q", "").replace("\0", "")).strip()
        last = parse_id(visit.query.get("from", "")) or None
        return cls(last, search[:SEARCH_LENGTH], visit.query.get("show", "")[:SEARCH_LENGTH])

    @property
    def limit(self) -> int:
        """The number of rows to ask for: one more than are shown tells whether there are more."""
        return ON_A_PAGE + 1

    def cut(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows that are shown."""
        return rows[:ON_A_PAGE]

    def next(self, rows: Sequence[Row], last: int) -> str:
        """Return the query of the address of the next page, which `last` is above; "" for none."""
        if len(rows) <= ON_A_PAGE:
            return ""
        fields = {"q": self.search, "show": self.chosen, "from": str(last)}
        return urlencode({name: value for name, value in fields.items() if value})
