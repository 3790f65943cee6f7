"""`playout analytics`: what viewers did with a video, drawn in the terminal."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playout.cli.client import ApiKey, Client, ServerUrl
from playout.cli.options import Json

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 60
TOP = 5
TOTALS = {
    "views": "views",
    "daily_visitors": "daily visitors",
    "plays": "plays",
    "average_view_seconds": "average view, seconds",
    "completion_rate": "completion rate",
    "cta_rate": "clicks by views",
    "start_seconds": "start, seconds",
    "rebuffering_ratio": "rebuffering",
}
"""The numbers that are shown, and their headings."""


def analytics(
    video_id: int,
    first: Annotated[str | None, typer.Option("--from", help="First day: 2026-01-31.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day; without it, today.")] = None,
    tz: Annotated[str, typer.Option(help="Time zone of the days: Europe/Berlin.")] = "UTC",
    url: ServerUrl = "http://127.0.0.1:8080",
    key: ApiKey = "",
    as_json: Json = False,
) -> None:
    """Show what viewers did with a video."""
    query = {"from": first, "to": last, "tz": tz}
    said = {name: value for name, value in query.items() if value is not None}
    found = Client.of(url, key).call("GET", f"/api/v1/videos/{video_id}/analytics/", params=said)
    if as_json:
        typer.echo(json.dumps(found))
        return
    console = Console()
    console.print(f"[bold]Video {video_id}[/], {found['from']} to {found['to']} ({found['tz']})")
    console.print(_totals(found["totals"], found["previous"]))
    _draw(console, "Views by day", [each["views"] for each in found["series"]])
    _draw(console, "Retention", found["retention"]["viewers"])
    for name in ("countries", "devices", "referrers", "sites"):
        values = [f"{each['value'] or 'unknown'} {each['views']}" for each in found[name][:TOP]]
        if values:
            console.print(f"{name.capitalize()}: {escape(', '.join(values))}", highlight=False)


def bars(numbers: Sequence[int], width: int = WIDTH) -> str:
    """Return numbers as bars, of which the highest is full. Each of many bars stands for several
    numbers, and shows their average."""
    count = min(width, len(numbers))
    edges = [len(numbers) * each // count for each in range(count + 1)] if count else []
    shown = [sum(numbers[a:b]) / (b - a) for a, b in pairwise(edges)]
    most = max(shown, default=0)
    return "".join(BARS[round(each / most * (len(BARS) - 1)) if most else 0] for each in shown)


def _totals(totals: Mapping[str, Any], before: Mapping[str, Any]) -> Table:
    table = Table("", "now", "before")
    for name, heading in TOTALS.items():
        table.add_row(heading, _cell(totals[name]), _cell(before[name]))
    return table


def _cell(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"


def _draw(console: Console, heading: str, numbers: Sequence[int]) -> None:
    if numbers:
        console.print(f"{heading}: {bars(numbers)} (most: {max(numbers)})", highlight=False)
