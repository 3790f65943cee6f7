"""Renders the pages of the console. Like all pages they contain no inline script and no style."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from playout.console import formats
from playout.console.fields import field_moment
from playout.console.reader import reader
from playout.console.texts import counted, script_texts, sentence, translated
from playout.pages.formats import human_duration, iso_time
from playout.pages.static_files import built_path, static_path

FORMATS = (
    formats.human_bytes,
    formats.human_day,
    formats.human_moment,
    formats.human_number,
    formats.zoned_moment,
)


def render(template: str, values: Mapping[str, Any]) -> str:
    """Return the HTML document of a page."""
    return _environment().get_template(template).render(values)


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
    environment.globals.update(
        _=translated,
        counted=counted,
        reader=reader,
        sentence=sentence,
        zone=lambda: reader().zone.key,
        script_texts=script_texts,
        static_path=static_path,
        built_path=built_path,
    )
    for use in (*FORMATS, field_moment, human_duration, iso_time):
        environment.filters[use.__name__] = use
    return environment
