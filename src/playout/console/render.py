"""Renders the pages of the console. Like all pages they contain no inline script and no style."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from playout.console.fields import field_moment
from playout.pages.formats import human_duration, iso_time
from playout.pages.static_files import built_path, static_path


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return the HTML document of a page."""
    return _environment().get_template(template).render(values)


def human_moment(moment: datetime) -> str:
    """Return a time as people write it, in UTC: `20 Nov 2026, 18:00`."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M}"


def human_bytes(size: int) -> str:
    """Return a size as people write it: `1.5 GB`."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB", "PB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("playout.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(static_path=static_path, built_path=built_path)
    for use in (human_moment, field_moment, human_bytes, human_duration, iso_time):
        environment.filters[use.__name__] = use
    return environment
