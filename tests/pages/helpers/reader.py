"""A parser of pages."""

import json
from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """The elements of a page, its texts and its data block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.texts[self._open] = self.texts.get(self._open, "") + data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.elements
            if name == tag and wanted.items() <= attrs.items()
        ]

    def film(self) -> dict[str, str | None]:
        """The source of the film; posters of other videos have sources, too."""
        (found,) = [each for each in self.all("source") if each.get("src")]
        return found

    def meta(self, name: str) -> list[str | None]:
        found = self.all("meta", name=name) + self.all("meta", property=name)
        return [attrs["content"] for attrs in found]

    def data(self) -> dict[str, Any]:
        loaded = json.loads(self.texts["script"])
        assert isinstance(loaded, dict)
        return loaded
