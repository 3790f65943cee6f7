"""The documentation, the command line and the OpenAPI documents use the words of the glossary."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from playout.cli.app import app
from playout.cli.commands import COMMANDS, load

OPENAPI = ("/v1/openapi.json", "/api/v1/openapi.json", "/api/openapi.json", "/openapi.json")
PROSE = {"summary", "description"}
"""Members of an OpenAPI document that we write; titles are derived from the names of fields."""
MOST_TERMS = 36


@pytest.fixture(scope="module")
def rows(repository: Path) -> list[list[str]]:
    """The cells of each row of the glossary: term, meaning, words that are not used for it."""
    lines = (repository / "docs" / "glossary.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return cells[2:]


@pytest.fixture(scope="module")
def wrong(rows: list[list[str]]) -> dict[str, re.Pattern[str]]:
    words = [word.strip() for row in rows for word in row[2].split(",")]
    return {word: re.compile(_pattern(word), re.IGNORECASE) for word in words}


def _pattern(word: str) -> str:
    return r"\b" + word.replace(" ", r"\s+") + r"\b"


def found(wrong: dict[str, re.Pattern[str]], place: str, text: str) -> Iterator[str]:
    """Each wrong word in a text, with its place and the words around it."""
    for word, pattern in wrong.items():
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 30) : match.end() + 30]
            yield f"{place}: {word!r} in “{' '.join(around.split())}”"


class TestGlossary:
    def test_it_is_short_and_defines_each_term_once(self, rows: list[list[str]]) -> None:
        terms = [row[0] for row in rows]
        assert all(len(row) == 3 for row in rows)
        assert len(terms) == len(set(terms)) <= MOST_TERMS

    def test_no_wrong_word_is_a_term_or_stands_twice(self, rows: list[list[str]]) -> None:
        words = [word.strip() for row in rows for word in row[2].split(",")]
        assert len(words) == len(set(words))
        assert not {row[0] for row in rows} & set(words)

    def test_a_wrong_word_is_found_in_any_case_and_across_lines(
        self, wrong: dict[str, re.Pattern[str]]
    ) -> None:
        assert list(found(wrong, "here", "The video Is\nOut."))
        assert not list(found(wrong, "here", "The video is outdated."))


class TestWords:
    def test_the_documentation_uses_no_wrong_word(
        self, repository: Path, wrong: dict[str, re.Pattern[str]], rows: list[list[str]]
    ) -> None:
        pages = [*sorted(repository.glob("docs/**/*.md")), *sorted(repository.glob("*.md"))]
        texts = {page: page.read_text() for page in pages}
        glossary = repository / "docs" / "glossary.md"
        for row in rows:
            texts[glossary] = texts[glossary].replace(f"| {row[2]} |", "")
        hits = [hit for page in texts for hit in found(wrong, page.name, texts[page])]
        assert not hits, "\n".join(hits)

    def test_the_help_of_the_command_line_uses_no_wrong_word(
        self, wrong: dict[str, re.Pattern[str]]
    ) -> None:
        own = helps(typer.main.get_command(app), "playout")
        each = (helps(load(name), f"playout {name}") for name in COMMANDS)
        texts = dict(chain(own, *each))
        assert "playout keys create" in texts
        hits = [hit for name in texts for hit in found(wrong, name, texts[name])]
        assert not hits, "\n".join(hits)

    @pytest.mark.parametrize("address", OPENAPI)
    def test_an_openapi_document_uses_no_wrong_word(
        self, web: Any, wrong: dict[str, re.Pattern[str]], address: str
    ) -> None:
        texts = list(prose(web.get(address).json(), address))
        assert len(texts) > 20
        hits = [hit for place, text in texts for hit in found(wrong, place, text)]
        assert not hits, "\n".join(hits)


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The name of a command and all of its help; then those of its subcommands."""
    options = [getattr(parameter, "help", None) or "" for parameter in command.params]
    yield name, "\n".join([command.help or "", command.epilog or "", *options])
    for each, subcommand in getattr(command, "commands", {}).items():
        yield from helps(subcommand, f"{name} {each}")


def prose(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """The texts for people in an OpenAPI document, each with its place."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in members:
        if isinstance(each, str) and name in PROSE:
            yield f"{place}/{name}", each
        elif isinstance(each, dict | list):
            yield from prose(each, f"{place}/{name}")
