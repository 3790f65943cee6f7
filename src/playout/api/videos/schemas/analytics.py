"""The JSON of what viewers did."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from typing_extensions import TypedDict

from playout.api.videos.schemas.types import document_only
from playout.core.analytics.reading import Numbers
from playout.core.analytics.service import Report
from playout.core.analytics.spans import Interval, Span, span
from playout.kit.clock import utcnow

DIMENSIONS = {
    "countries": "country",
    "devices": "device",
    "referrers": "referrer",
    "sites": "site",
    "renditions": "rendition",
}
"""The dimensions by their names in an answer."""


@document_only
class NumbersOut(TypedDict):
    """Numbers of what viewers did. Rates and averages are null where nothing happened."""

    views: int
    plays: int
    daily_visitors: Annotated[
        int, Field(description="Visitors of each day, added up: nobody is followed for longer")
    ]
    watch_seconds: float
    average_view_seconds: float | None
    completions: int
    completion_rate: float | None
    cta_clicks: int
    cta_rate: float | None
    errors: int
    start_seconds: float | None
    rebuffering_ratio: float | None


@document_only
class PartOut(NumbersOut):
    """The numbers of an hour or a day, and when it begins in the time zone that was asked for."""

    at: str


@document_only
class ValueOut(NumbersOut):
    """The numbers of one country, device, site or rendition; "" where it is not known."""

    value: str


@document_only
class RetentionOut(TypedDict):
    """The pages that saw each second of the video, and how often that second was played."""

    viewers: list[int]
    plays: list[int]


# "from" is a word of Python.
_Span = TypedDict("_Span", {"from": str, "to": str, "tz": str, "interval": Interval})


@document_only
class AnalyticsOut(_Span):
    """Everything that viewers did, from the first to the last day, and in as many days before."""

    totals: NumbersOut
    previous: NumbersOut
    series: list[PartOut]
    retention: RetentionOut
    countries: list[ValueOut]
    devices: list[ValueOut]
    referrers: list[ValueOut]
    sites: list[ValueOut]
    renditions: list[ValueOut]


def _span_query(
    first: Annotated[
        date | None, Query(alias="from", description="First day; without it, 30 days")
    ] = None,
    last: Annotated[
        date | None, Query(alias="to", description="Last day; without it, today")
    ] = None,
    tz: Annotated[
        str, Query(max_length=64, description="Time zone of the days, such as `Europe/Berlin`")
    ] = "UTC",
    interval: Annotated[Interval, Query(description="Length of the parts of `series`")] = (
        Interval.DAY
    ),
) -> Span:
    return span(first, last, tz, interval, utcnow())


SpanQuery = Annotated[Span, Depends(_span_query)]


def analytics_out(report: Report) -> AnalyticsOut:
    """Return the JSON of what viewers did."""
    divided = {
        name: [{**numbers_out(numbers), "value": value} for value, numbers in report.divided[of]]
        if of in report.divided
        else []
        for name, of in DIMENSIONS.items()
    }
    out: AnalyticsOut = {
        "from": report.span.first.isoformat(),
        "to": report.span.last.isoformat(),
        "tz": report.span.zone.key,
        "interval": report.span.interval,
        "totals": numbers_out(report.totals),
        "previous": numbers_out(report.before),
        "series": [
            {**numbers_out(numbers), "at": at.astimezone(report.span.zone).isoformat()}
            for at, numbers in report.series.items()
        ],
        "retention": {
            "viewers": [viewers for viewers, _ in report.retention],
            "plays": [plays for _, plays in report.retention],
        },
        **divided,  # type: ignore[typeddict-item]
    }
    return out


def numbers_out(numbers: Numbers) -> NumbersOut:
    """Return the JSON of numbers, with their rates and averages."""
    played = numbers["watched_ms"] + numbers["waited_ms"]
    return {
        "views": numbers["views"],
        "plays": numbers["plays"],
        "daily_visitors": numbers["visitors"],
        "watch_seconds": numbers["watched_ms"] / 1000,
        "average_view_seconds": _ratio(numbers["watched_ms"] / 1000, numbers["plays"]),
        "completions": numbers["completes"],
        "completion_rate": _ratio(numbers["completes"], numbers["plays"]),
        "cta_clicks": numbers["cta_clicks"],
        "cta_rate": _ratio(numbers["cta_clicks"], numbers["views"]),
        "errors": numbers["failures"],
        "start_seconds": _ratio(numbers["start_ms"] / 1000, numbers["starts"]),
        "rebuffering_ratio": _ratio(numbers["waited_ms"], played),
    }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
