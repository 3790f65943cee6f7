"""JSON bodies: only JSON that has one meaning and can be stored is accepted."""

import json

import pytest

from playout.kit.errors import Invalid
from playout.kit.strict_json import MAX_DEPTH, parse


class TestParse:
    @pytest.mark.parametrize(
        "value",
        [None, True, 0, -1.5, "", "é🎬", [], {}, {"a": [{"b": None}]}, 10**30, "\u2028\x1f"],
    )
    def test_what_is_json_is_taken(self, value):
        assert parse(json.dumps(value).encode()) == value

    def test_as_deep_as_is_allowed(self):
        deepest = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
        assert parse(deepest)[0][0][0] is not None
        with pytest.raises(Invalid, match="32 levels"):
            parse(b"[" + deepest + b"]")

    @pytest.mark.parametrize("depth", [100, 1_000, 100_000])
    @pytest.mark.parametrize("pair", [(b"[", b"]"), (b'{"a":', b"}")])
    def test_deeper_is_refused_however_deep(self, depth, pair):
        with pytest.raises(Invalid, match="32 levels"):
            parse(pair[0] * depth + b"1" + pair[1] * depth)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "not JSON"),
            (b"{", "not JSON"),
            (b"{} {}", "not JSON"),
            (b"'x'", "not JSON"),
            (b"\xff", "not JSON"),
            (b"9" * 5000, "not JSON"),
            (b'"\x01"', "not JSON"),
            (b"[NaN]", "NaN"),
            (b"[Infinity]", "Infinity"),
            (b"-Infinity", "Infinity"),
            (b"1e999", "too large"),
            (b"[-1e999]", "too large"),
            (b'{"a": 1, "a": 1}', "twice"),
            (b'{"a": 1, "\\u0061": 2}', "twice"),
            (b'[{"b": {"a": 1, "a": 2}}]', "twice"),
            (b'"\\u0000"', "NUL"),
            (b'{"\\u0000": 1}', "NUL"),
            (b'"\\ud800"', "surrogate"),
            (b'"\\udfff\\ud800"', "surrogate"),
            (b'{"a": ["\\udead"]}', "surrogate"),
        ],
    )
    def test_what_has_no_meaning_is_refused_with_the_reason(self, body, reason):
        with pytest.raises(Invalid, match=reason):
            parse(body)
