"""The texts of the console: all of them are translated, and no page has one that is not."""

import ast
import re
from html.parser import HTMLParser

import pytest
from jinja2 import Environment

from docs import texts
from playout.compose.manifest.model import read_manifest
from playout.console.components import colours
from playout.console.reader import Reader, reading
from playout.console.texts import sentence
from playout.core.accounts.people import LANGUAGES
from playout.core.permissions import Role
from playout.kit.errors import Invalid

PLACEHOLDER = re.compile(r"{\w+}")
NO_TEXT = r"[a-z]+:[\w…]+|[a-z]+\.\*|·?\s*ms|\.[a-z-]+|[a-z]+\.[a-z-]+"
READ_ALOUD = ("alt", "aria-label", "placeholder", "title", "data-label")
AS_IT_IS = ("code", "kbd", "pre", "script", "style", "svg")
SAID_BY_SCRIPT = re.compile(
    r"""(?:textContent|ariaLabel|ariaValueText|alt|title) = ["`][^"`]*[A-Za-z]{2}"""
    r"""|(?:show|say|end|element|button)\((?:"[^"]*", )*["`][A-Z][a-z]"""
)


class Texts(HTMLParser):
    """Collects the words of a template that stand in it as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.around: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.around += [tag] if tag in AS_IT_IS else []
        self.found += [value or "" for name, value in attrs if name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        if self.around and self.around[-1] == tag:
            self.around.pop()

    def handle_data(self, data: str) -> None:
        self.found += [] if self.around else [data]


@pytest.mark.parametrize("language", LANGUAGES[1:])
class TestCatalog:
    def test_every_text_has_a_translation(self, language):
        stored = texts.read(language)
        assert {each.id for each in stored} == {each.id for each in texts.refreshed(language)}, (
            "Run `make texts`, and translate what it adds."
        )
        assert texts.missing(stored) == []

    def test_a_translation_has_the_values_of_its_text(self, language):
        for each in texts.read(language):
            keys, strings = (
                (value,) if isinstance(value, str) else value for value in (each.id, each.string)
            )
            for key, translation in zip(keys, strings, strict=True):
                values = set(PLACEHOLDER.findall(key))
                assert values == set(PLACEHOLDER.findall(translation)), key


@pytest.mark.parametrize(
    ("written", "in_german"),
    {
        "second: Write a number of seconds.": "Schreiben Sie eine Anzahl von Sekunden.",
        "The file may have 9 bytes at the most.": "Die Datei darf höchstens 9 Byte haben.",
        "Line 3: A quotation mark is not closed.": (
            "Zeile 3: Ein Anführungszeichen ist nicht geschlossen."
        ),
    }.items(),
)
def test_a_sentence_of_core_is_known_though_others_are_like_it(written, in_german):
    with reading(Reader("de")):
        assert sentence(written) == in_german


OF_OPERATORS = (
    *("kit/countries.py", "kit/data_folder.py", "kit/database/", "kit/encryption.py"),
    *("kit/installation.py", "kit/mail.py", "kit/openid/", "kit/http/idempotency.py"),
    *("kit/http/ranges.py", "kit/storage/store.py", "kit/outbound/", "kit/invalidation.py"),
    *("transcode/trial.py", "transcode/sample_clip.py", "transcode/sandbox/tools.py"),
)
"""Modules whose errors end a command or a request of a program, and reach no form."""


def test_every_sentence_that_a_form_can_raise_is_collected_for_translation():
    known = {each.key for each in texts.collected()}
    for layer in ("core", "compose", "transcode", "kit"):
        for path in sorted((texts.PACKAGE / layer).rglob("*.py")):
            if not str(path.relative_to(texts.PACKAGE)).startswith(OF_OPERATORS):
                said = set(
                    filter(texts.SENTENCE.fullmatch, texts.errors(ast.parse(path.read_text())))
                )
                assert said <= known, path


@pytest.mark.parametrize(
    ("manifest", "in_german"),
    [
        ({"elements": []}, "version: Es fehlt."),
        ([], "Das Manifest ist falsch. Schreiben Sie ein Objekt."),
    ],
)
def test_what_is_wrong_in_a_manifest_is_said_in_german(manifest, in_german):
    with pytest.raises(Invalid) as refused:
        read_manifest(manifest)
    with reading(Reader("de")):
        assert in_german in sentence(refused.value.message)


class TestSources:
    @pytest.mark.parametrize("path", sorted(texts.CONSOLE.rglob("*.html")), ids=lambda it: it.name)
    def test_a_template_has_no_text_that_is_not_translated(self, path):
        html, source = Texts(), path.read_text()
        html.feed("".join(each for _, kind, each in Environment().lex(source) if kind == "data"))
        said = [each.strip() for each in html.found if re.search(r"[A-Za-z]{2}", each)]
        assert [each for each in said if not re.fullmatch(NO_TEXT, each)] == []
        assert "UTC" not in source, "Name the zone by zone(), or write zoned_moment."

    @pytest.mark.parametrize("path", sorted(texts.SCRIPTS.glob("*.js")), ids=lambda it: it.name)
    def test_a_script_says_nothing_that_is_not_translated(self, path):
        assert SAID_BY_SCRIPT.findall(path.read_text()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_in_which_somebody_sent_very_much_stays_as_it_is(language):
    with reading(Reader(language)):
        for sent in ("a: " * 20_000, "1 of " * 12_000):
            written = f"{sent} is not a date: write 2026-11-20."
            assert sentence(written) == written


def test_pages_and_console_have_the_same_colours():
    static = texts.PACKAGE / "pages/static"
    console, site = (
        {each.name: each for each in colours((static / name).read_text())}
        for name in ("console.css", "site.css")
    )
    shared = console.keys() & site.keys()
    assert {"paper", "ink", "quiet", "line", "tile", "signal", "stage"} <= shared
    assert {name: site[name] for name in shared} == {name: console[name] for name in shared}


def test_components_are_shown_to_whoever_is_signed_in(look):
    html = look("/components", Role.VIEWER)
    assert "--signal" in html
    assert "button--danger" in html
