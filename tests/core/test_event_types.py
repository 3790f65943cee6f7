"""The types of events: declared once, recorded somewhere, and documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from playout.core.ledger.events import EVENTS
from playout.core.webhooks.events import PATTERNS, WEBHOOK_EVENTS, patterns_of

TYPE = re.compile(r"[a-z_]+\.[a-z_]+")


def texts(node: ast.AST) -> Iterator[str]:
    """Every text in an expression; of an f-string a pattern, with `[a-z_]+` for what is put in."""
    if isinstance(node, ast.JoinedStr):
        parts = (
            each.value if isinstance(each, ast.Constant) else "[a-z_]+" for each in node.values
        )
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


@pytest.fixture(scope="module")
def recorded(repository: Path) -> set[str]:
    """Patterns of the types that the source records: those it passes to `record` directly, and
    those in modules that choose between some."""
    found: set[str] = set()
    for path in (repository / "src" / "playout").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and node.args
            ):
                found |= {*texts(node.args[0])}
    edges = {"activation.started", "activation.ended", "share.published", "share.expired"}
    return found | edges | {"webhook.test"}


class TestEvents:
    def test_what_is_recorded_is_declared(self, recorded: set[str]):
        unknown = [each for each in recorded if not any(re.fullmatch(each, e) for e in EVENTS)]
        assert unknown == []

    def test_what_is_declared_is_recorded(self, recorded: set[str]):
        unused = [event for event in EVENTS if not any(re.fullmatch(r, event) for r in recorded)]
        assert unused == []

    def test_the_page_of_events_lists_them(self, repository: Path):
        page = (repository / "docs" / "events.md").read_text()
        rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$", page, re.MULTILINE)
        assert dict(rows) == EVENTS

    def test_each_is_a_noun_and_what_happened_to_it(self):
        assert all(TYPE.fullmatch(event) for event in EVENTS)


class TestWebhookEvents:
    def test_they_are_declared(self):
        assert set(WEBHOOK_EVENTS) <= EVENTS.keys()

    def test_each_matches_its_own_type_its_noun_and_everything(self):
        assert patterns_of("share.created") == ("share.created", "share.*", "*")
        assert {"share.created", "share.*", "*"} <= PATTERNS
