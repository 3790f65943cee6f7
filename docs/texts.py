"""Collects the texts of the console for its translators: `python -m docs.texts`, by `make texts`.

It adds the texts that a catalog lacks, without a translation, and removes those that nothing says.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from playout.core.accounts.people import LANGUAGES
from playout.core.film_templates.model import State
from playout.core.ledger.events import EVENTS
from playout.core.links.model import LinkState
from playout.core.media.captions import CaptionOrigin
from playout.core.permissions import Role
from playout.core.projects.model import ProjectStatus
from playout.core.videos.model import Visibility
from playout.core.webhooks.model import DeliveryState

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/playout"
CONSOLE = PACKAGE / "console"
LOCALES = CONSOLE / "locales"
SCRIPTS = ROOT / "web/src/console"
TEMPLATE_WORDS = {"_": None, "counted": (1, 2)}
PYTHON_WORDS = {"translated": None, "marked": None, "counted": (1, 2)}
SCRIPT_WORDS = {"text": None, "counted": (1, 2)}
"""The functions that are called with a text, and which of their arguments are texts."""
SAYING = (
    *("core", "kit/errors.py", "kit/outbound", "kit/strict_json.py"),
    *(
        "kit/http/file_form.py",
        "kit/storage/errors.py",
        "kit/database/engine.py",
        "kit/bulkhead.py",
    ),
    *("compose/manifest", "compose/lottie", "compose/drawing/lint.py"),
    *("compose/sandboxed/drawing.py", "compose/rendering/pool.py"),
    *("transcode/inspect", "transcode/pictures", "transcode/encode", "transcode/personal"),
    *("transcode/ffmpeg.py", "transcode/webvtt.py", "transcode/sandbox/run.py"),
)
"""Where sentences come from that a person can meet in the console."""
ERROR = re.compile(
    r"Invalid|Forbidden|NotFound|Conflict|PreconditionFailed|TooLarge|StorageFull|Unavailable"
    r"|MediaRejected|_wrong\w*"
)
"""The names of what is called with what is wrong."""
SENTENCE = re.compile(r"[A-Z“{`][^\n]* [^\n]*\.")
CONSTANT = re.compile(r"[A-Z][a-z]+(?:$|[ .,-].*)")
"""What a text looks like in a table of the console."""
FIELD = re.compile(r"^[\w{}]+: ")
"""The name of a field in front of a sentence. It is not translated."""
LEAST_LETTERS = 4
"""Letters of a sentence beside its values. With less it is made of other sentences."""
SHOWN: Mapping[type[Enum], bool] = {
    **dict.fromkeys((Role, ProjectStatus, State), False),
    **dict.fromkeys((LinkState, CaptionOrigin, Visibility, DeliveryState), True),
}
"""Names of core that pages show, and whether they are written with a capital there."""


class Text(NamedTuple):
    """A text: its key, the form for many things, and the file that says it."""

    key: str
    many: str | None
    file: str


def collected() -> Iterator[Text]:
    """Yield every text of the console, some of them more than once."""
    for path in sorted(CONSOLE.rglob("*.html")):
        yield from _extracted("jinja2", path, TEMPLATE_WORDS)
    for path in sorted(CONSOLE.rglob("*.py")):
        yield from _extracted("python", path, PYTHON_WORDS)
        tree = ast.parse(path.read_text())
        yield from (Text(key, None, _name(path)) for key in chain(_tables(tree), errors(tree)))
    for path in sorted(SCRIPTS.glob("*.js")):
        yield from _extracted("javascript", path, SCRIPT_WORDS)
    for path in chain.from_iterable(_files(PACKAGE / each) for each in SAYING):
        tree = ast.parse(path.read_text())
        yield from (Text(key, None, _name(path)) for key in chain(errors(tree), _sayings(tree)))
    yield from (Text(each, None, "core") for each in _names_of_core())


def _extracted(method: str, path: Path, words: Mapping[str, tuple[int, ...] | None]) -> list[Text]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    with path.open("rb") as opened:
        found = extract(method, opened, words, options=options)
        return [_text(message, _name(path)) for _, message, _, _ in found]


def _text(message: str | tuple[str, ...], file: str) -> Text:
    one, many = (message, None) if isinstance(message, str) else message[:2]
    return Text(one, many, file)


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def _names_of_core() -> Iterator[str]:
    for kind, is_capital in SHOWN.items():
        for each in kind:
            yield str(each.value).replace("_", " ").capitalize() if is_capital else str(each.value)
    for event in EVENTS:
        yield event.partition(".")[0].replace("_", " ").capitalize()


def _tables(tree: ast.Module) -> Iterator[str]:
    """Yield the texts in the constants of a module of the console."""
    for node in ast.walk(tree):
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        is_constant = getattr(targets[0], "id", "").isupper()
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and is_constant:
            yield from (each for each in _values(node.value) if CONSTANT.fullmatch(each))


def _values(node: ast.expr) -> Iterator[str]:
    """Yield the strings in a table, apart from its keys and what functions are called with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    below = {
        ast.Dict: lambda: node.values,  # type: ignore[attr-defined]
        ast.Tuple: lambda: node.elts,  # type: ignore[attr-defined]
        ast.Call: lambda: node.args,  # type: ignore[attr-defined]
    }.get(type(node))
    for each in below() if below else ():
        yield from _values(each)


def errors(tree: ast.Module) -> Iterator[str]:
    """Yield what errors say is wrong, with the names of the values in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ERROR.fullmatch(_called(node)):
            for each in chain.from_iterable(_walked(argument) for argument in node.args):
                if " " in (key := _written(each)):
                    yield key
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "problem":
            yield from filter(None, [_written(node.value)])


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, apart from the parts of a text with values."""
    yield node
    for each in () if isinstance(node, ast.JoinedStr) else ast.iter_child_nodes(node):
        yield from _walked(each)


def _called(node: ast.Call) -> str:
    called = node.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _sayings(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences of a module, wherever they stand in its code but in docstrings."""
    described = {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for node in _walked(tree):
        key = "" if node in described else _written(node)
        if SENTENCE.fullmatch(key):
            yield key


def _written(node: ast.AST) -> str:
    """Return a sentence as a key; "" for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        written = node.value
    elif isinstance(node, ast.JoinedStr):
        written = "".join(
            str(each.value) if isinstance(each, ast.Constant) else f"{{{_placeholder(each)}}}"
            for each in node.values
        )
    else:
        return ""
    written = FIELD.sub("", written)
    is_sentence = len(re.sub(r"{\w+}|\W", "", written)) >= LEAST_LETTERS
    return written if is_sentence else ""


def _placeholder(node: ast.expr) -> str:
    """Return a name for a value: `{most:,}` is `most`, `{len(names)}` is `len_names`."""
    value = node.value if isinstance(node, ast.FormattedValue) else node
    return re.sub(r"\W+", "_", ast.unparse(value)).strip("_").lower()


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def refreshed(language: str) -> Catalog:
    """Return the catalog of a language with all texts, and no other ones."""
    before, catalog = read(language), Catalog(locale=language, fuzzy=False)
    files: dict[str, set[str]] = {}
    many: dict[str, str] = {}
    for text in collected():
        files.setdefault(text.key, set()).add(text.file)
        many |= {text.key: text.many} if text.many else {}
    for key in sorted(files):
        known = before.get(key)
        is_alike = known is not None and isinstance(known.id, tuple) is (key in many)
        id = (key, many[key]) if key in many else key
        locations = [(each, None) for each in sorted(files[key])]
        catalog.add(id, known.string if known and is_alike else "", locations=locations)
    return catalog


def read(language: str) -> Catalog:
    """Return the catalog of a language as it is stored."""
    with (LOCALES / f"{language}.po").open("rb") as opened:
        return read_po(opened, locale=language)


def missing(catalog: Catalog) -> list[str]:
    """Return the texts of a catalog that have no translation."""
    return [
        each.id if isinstance(each.id, str) else each.id[0]
        for each in catalog
        if each.id and not all([each.string] if isinstance(each.string, str) else each.string)
    ]


def main() -> None:
    """Write the catalogs, and say which texts have no translation."""
    for language in LANGUAGES[1:]:
        catalog = refreshed(language)
        with (LOCALES / f"{language}.po").open("wb") as opened:
            write_po(opened, catalog, width=100, omit_header=True)
        for key in missing(catalog):
            print(f"{language}.po: no translation of {key!r}")


if __name__ == "__main__":
    main()
