"""Conditions such as `{{plan}} == "gold" and not {{age}} < 18`, and their evaluation.

A condition compares fields with values. It has no functions and cannot run code. In rising order of
how tightly they bind: `or`, `and`, `not`, the comparisons; parentheses group.
"""

import datetime
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playout.compose.manifest.fields import Value, Values
from playout.kit.errors import Invalid

MOST_TOKENS = 200
_DEEPEST = 20
_TOKENS = re.compile(
    r"""\s*(?:
        \{\{\s*(?P<field>[A-Za-z][A-Za-z0-9_]*)\s*\}\}
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<sign>==|!=|<=|>=|<|>|\(|\))
      | (?P<word>and|or|not|true|false)\b
    )""",
    re.VERBOSE,
)
_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    **{"==": operator.eq, "!=": operator.ne},
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge},
}


@dataclass(frozen=True)
class Condition:
    """A condition that was parsed."""

    fields: frozenset[str]
    """The fields that it names."""
    holds: Callable[[Values], bool]


def parse_condition(text: str) -> Condition:
    """Return the condition that `text` says. Raise `Invalid`, which says where it is wrong."""
    reader = _Reader(_tokens(text))
    holds = reader.either()
    if reader.peek() is not None:
        raise Invalid(f"In a condition, nothing may follow here: {reader.peek_text()}")
    return Condition(frozenset(reader.fields), holds)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    tokens, at, text = [], 0, text.rstrip()
    while at < len(text):
        found = _TOKENS.match(text, at)
        if found is None:
            raise Invalid(f"This condition cannot be read from here on: {text[at : at + 30]}")
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, found[kind]))
        at = found.end()
    if not 0 < len(tokens) <= MOST_TOKENS:
        raise Invalid(f"A condition has one part at least, and at most {MOST_TOKENS}.")
    return tokens


class _Reader:
    """The tokens of a condition, read from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self.fields: set[str] = set()

    def peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def peek_text(self) -> str:
        token = self.peek()
        return token.text if token else "its end"

    def either(self) -> Callable[[Values], bool]:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda values: any(each(values) for each in parts)

    def _all(self) -> Callable[[Values], bool]:
        parts = [self._single()]
        while self._take("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else lambda values: all(each(values) for each in parts)

    def _single(self) -> Callable[[Values], bool]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Invalid("This condition has too many levels.")
        result = self._negation() or self._group() or self._comparison()
        self._depth -= 1
        return result

    def _negation(self) -> Callable[[Values], bool] | None:
        if not self._take("not"):
            return None
        inner = self._single()
        return lambda values: not inner(values)

    def _group(self) -> Callable[[Values], bool] | None:
        if not self._take("("):
            return None
        inner = self.either()
        if not self._take(")"):
            raise Invalid(f"A condition needs a closing parenthesis before {self.peek_text()}.")
        return inner

    def _comparison(self) -> Callable[[Values], bool]:
        left = self._operand()
        token = self.peek()
        if token is None or token.text not in _COMPARISONS:
            return lambda values: bool(left(values))
        self._at += 1
        right = self._operand()
        return lambda values: _compare(token.text, left(values), right(values))

    def _operand(self) -> Callable[[Values], Value | None]:
        token = self.peek()
        if token is None or token.text in {"and", "or", "not"} or token.kind == "sign":
            raise Invalid(f"A condition needs a field or a value before {self.peek_text()}.")
        self._at += 1
        if token.kind == "field":
            self.fields.add(token.text)
            return lambda values: values.get(token.text)
        value = _constant(token)
        return lambda _: value

    def _take(self, text: str) -> bool:
        token = self.peek()
        if token is None or token.kind == "text" or token.text != text:
            return False
        self._at += 1
        return True


def _constant(token: _Token) -> Value:
    if token.kind == "text":
        return re.sub(r"\\(.)", r"\1", token.text[1:-1])
    return float(token.text) if token.kind == "number" else token.text == "true"


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    """Return how two values compare. A value that is missing equals nothing but another one."""
    if isinstance(left, datetime.date) and isinstance(right, str):
        right = _as_date(right)
    elif isinstance(right, datetime.date) and isinstance(left, str):
        left = _as_date(left)
    if _kind(left) is not _kind(right) or left is None or right is None:
        return (left is right) is (sign == "==") if sign in {"==", "!="} else False
    return _COMPARISONS[sign](left, right)


def _as_date(text: str) -> Value | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _kind(value: Value | None) -> type:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float if is_number else type(value)
