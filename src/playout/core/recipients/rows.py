"""Rows of a file as they arrive: CSV, a JSON array, or one JSON object in each line.

The parsers take bytes in pieces of any size, and never hold more than a piece and one row.
"""

import codecs
import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from playout.core.shares.model import PERSONALIZATION_BYTES
from playout.kit.errors import Invalid

REFERENCE, EXPIRES_AT, DATA = "reference", "expiresAt", "personalizationData"
MOST_CHARACTERS = PERSONALIZATION_BYTES
"""Characters of one row."""
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was sent. `problem` says what is wrong if it has no fields."""

    line: int
    text: str = field(repr=False)
    """The whole of it, by which it is recognized when it is sent again."""
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """`reference`, `expiresAt` and `personalizationData`."""
    problem: str | None = None


class Rows(ABC):
    """A parser. Its errors name a line, and no value."""

    is_typed = True
    """False for CSV, in which all values are texts."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._line = 1

    def feed(self, chunk: bytes, *, is_last: bool = False) -> Iterator[Row]:
        """Yield the rows that are complete now. Raise `Invalid` where nothing can follow."""
        try:
            text = self._decoder.decode(chunk, is_last)
        except UnicodeDecodeError:
            self.fail("The file is not UTF-8.")
        yield from self._rows(text, is_last=is_last)

    @abstractmethod
    def _rows(self, text: str, *, is_last: bool) -> Iterator[Row]: ...

    def fail(self, reason: str) -> NoReturn:
        """Raise `Invalid` for the line that the parser has come to."""
        raise Invalid(f"Line {self._line}: {reason}", {f"line {self._line}": reason})


class LineRows(Rows):
    """JSON objects, one in each line (NDJSON)."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = ""

    def _rows(self, text: str, *, is_last: bool) -> Iterator[Row]:
        *lines, self._rest = (self._rest + text).split("\n")
        if is_last:
            lines.append(self._rest)
        for line in lines:
            yield from self._record(line)
            self._line += 1
        if len(self._rest) > MOST_CHARACTERS:
            self.fail(f"A row may have {MOST_CHARACTERS:,} characters at the most.")

    def _record(self, line: str) -> Iterator[Row]:
        if line.strip():
            yield _json_row(self._line, line, _loaded(line))


class CsvRows(LineRows):
    """CSV (RFC 4180) with a line of names at the top. Commas, semicolons or tabs separate values.

    A column is a field of the template, `reference` or `expiresAt`.
    """

    is_typed = False

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self._delimiter = ","
        self._open: list[str] = []
        """The lines of a record with a quoted line end, of which more are to come."""
        self._open_characters = 0
        self._is_quoted = False

    def _rows(self, text: str, *, is_last: bool) -> Iterator[Row]:
        yield from super()._rows(text, is_last=is_last)
        if is_last and self._open:
            self.fail("A quotation mark is not closed.")

    def _record(self, line: str) -> Iterator[Row]:
        self._open.append(line)
        self._open_characters += len(line) + 1
        self._is_quoted ^= line.count('"') % 2 == 1
        if not self._is_quoted:
            record, first = "\n".join(self._open).removesuffix("\r"), len(self._open) - 1
            self._open.clear()
            self._open_characters = 0
            if record.strip():
                yield from self._parsed(record, self._line - first)
        elif self._open_characters > MOST_CHARACTERS:
            self.fail("A quotation mark is not closed, or the row is too long.")

    def _parsed(self, record: str, line: int) -> Iterator[Row]:
        if not self.names:
            self._read_names(record)
            return
        values = self._split(record)
        if values is None:
            yield Row(line, record, problem="This is not CSV.")
        elif len(values) != len(self.names):
            reason = f"The row has {len(values)} values, and the first line {len(self.names)}."
            yield Row(line, record, problem=reason)
        else:
            given = dict(zip(self.names, values, strict=True))
            fields = {name: given.pop(name, "") or None for name in (REFERENCE, EXPIRES_AT)}
            yield Row(line, record, {**fields, DATA: given})

    def _read_names(self, record: str) -> None:
        self._delimiter = max(_DELIMITERS, key=record.count)
        names = [each.strip() for each in self._split(record) or []]
        if not all(names) or len(set(names)) != len(names):
            self.fail("The first line needs a name for each column, and none twice.")
        self.names = names

    def _split(self, record: str) -> list[str] | None:
        try:
            (values,) = csv.reader([record], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            return None
        return values


class ArrayRows(Rows):
    """The objects of one JSON array."""

    def __init__(self) -> None:
        super().__init__()
        self._pending = ""
        self._expects = "["
        """`[`, then an object or `]`, then `,` or `]`; "" when the array has ended."""
        self._counted = 0
        """Characters of what is pending whose line ends are in `_line`."""

    def _rows(self, text: str, *, is_last: bool) -> Iterator[Row]:
        self._pending += text
        place = 0
        while (place := self._skip(place)) < len(self._pending):
            sign = self._pending[place]
            if sign != "{" or self._expects not in {"{]", "{"}:
                self._take(sign)
                place += 1
                continue
            found = _first_object(self._pending, place)
            if found is None:
                self._wait(place, is_last=is_last)
                break
            value, end = found
            yield _json_row(self._line, self._pending[place:end], value)
            place, self._expects = end, ",]"
        self._skip(place)
        self._pending, self._counted = self._pending[place:], 0
        if is_last and self._expects:
            self.fail("The array of rows is not complete.")

    def _skip(self, place: int) -> int:
        """Return where the next sign is, and count the lines before it."""
        rest = len(self._pending)
        while place < rest and self._pending[place] in " \t\r\n":
            place += 1
        self._line += self._pending.count("\n", self._counted, place)
        self._counted = place
        return place

    def _take(self, sign: str) -> None:
        if sign not in self._expects or not self._expects:
            self.fail("The file must be a JSON array of objects.")
        self._expects = {"[": "{]", ",": "{", "]": ""}[sign]

    def _wait(self, place: int, *, is_last: bool) -> None:
        if is_last or len(self._pending) - place > MOST_CHARACTERS:
            self.fail("This is no JSON object, or it is too long.")


def _json_row(line: int, text: str, value: Any) -> Row:
    if not isinstance(value, dict):
        return Row(line, text, problem="The row must be a JSON object.")
    unknown = value.keys() - {REFERENCE, EXPIRES_AT, DATA}
    if unknown:
        problem = f"A row has {REFERENCE}, {EXPIRES_AT} and {DATA}, and nothing else."
        return Row(line, text, problem=problem)
    if not isinstance(value.get(DATA, {}), dict):
        return Row(line, text, problem=f"{DATA} must be a JSON object.")
    return Row(line, text, {DATA: {}, **value})


def _loaded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _first_object(text: str, place: int) -> tuple[Any, int] | None:
    try:
        return _DECODER.raw_decode(text, place)
    except (ValueError, RecursionError):
        return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name twice")
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_object)
