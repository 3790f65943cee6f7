"""Tables of what viewers did: CSV, or one JSON object in each line."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from io import StringIO
from typing import Annotated, Any

from fastapi import Depends, Header, Query
from pydantic_core import to_json

from playout.api.answer import Answer, StreamedText
from playout.api.videos.schemas.analytics import (
    DIMENSIONS,
    AnalyticsOut,
    NumbersOut,
    analytics_out,
)
from playout.core.analytics.service import Report
from playout.kit.text import spreadsheet_text

ROWS_AT_ONCE = 500
VARY = {"Vary": "Accept"}

Row = Mapping[str, Any]


class Form(StrEnum):
    """The forms of an answer."""

    JSON = "json"
    CSV = "csv"
    JSONL = "jsonl"


MEDIA_TYPES = {Form.CSV: "text/csv", Form.JSONL: "application/x-ndjson"}
NAMED = {"application/jsonl": Form.JSONL} | {name: form for form, name in MEDIA_TYPES.items()}
ROWS: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {"schema": {"type": "string"}} for name in MEDIA_TYPES.values()}}
}
"""The other forms of an answer, for the OpenAPI document."""


def _form_query(
    asked: Annotated[
        Form | None, Query(alias="format", description="The form of the answer; default: `Accept`")
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Form:
    if asked is not None:
        return asked
    names = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    return next((NAMED[name] for name in names if name in NAMED), Form.JSON)


FormQuery = Annotated[Form, Depends(_form_query)]


def analytics_answer(report: Report, form: Form) -> Answer[AnalyticsOut]:
    """Return what viewers did in the form that was asked for. Tables are streamed."""
    out = analytics_out(report)
    if form is Form.JSON:
        return Answer(out, headers=VARY)
    lines = _csv(out) if form is Form.CSV else (to_json(row) + b"\n" for row in _rows(out))
    text = StreamedText(f"{MEDIA_TYPES[form]}; charset=utf-8", _together(lines))
    name = f"analytics-{out['from']}-{out['to']}.{form}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Answer(out, headers={**VARY, **disposition}, streamed=text)


def _rows(out: AnalyticsOut) -> Iterator[Row]:
    """Yield a row for everything in an answer. `part` is its place there."""
    yield {"part": "totals", "value": None, **out["totals"]}
    yield {"part": "previous", "value": None, **out["previous"]}
    for at in out["series"]:
        numbers = {name: value for name, value in at.items() if name != "at"}
        yield {"part": "series", "value": at["at"], **numbers}
    for part in DIMENSIONS:
        values: Sequence[Row] = out[part]  # type: ignore[literal-required]
        for row in values:
            yield {"part": part, **row}
    retention = out["retention"]
    for second, (viewers, plays) in enumerate(
        zip(retention["viewers"], retention["plays"], strict=True)
    ):
        yield {"part": "retention", "value": second, "views": viewers, "plays": plays}


def _csv(out: AnalyticsOut) -> Iterator[bytes]:
    columns = ("part", "value", *NumbersOut.__annotations__)
    yield _line(columns)
    for row in _rows(out):
        yield _line([_cell(row.get(name)) for name in columns])


def _line(cells: Iterable[Any]) -> bytes:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a viewer's browser names sites."""
    return spreadsheet_text(value) if isinstance(value, str) else value


def _together(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield many lines at once: each piece of an answer has a cost of its own."""
    waiting: list[bytes] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) >= ROWS_AT_ONCE:
            yield b"".join(waiting)
            waiting.clear()
    yield b"".join(waiting)
