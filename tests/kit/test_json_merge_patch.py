"""Merge patches: the examples of RFC 7396 with objects."""

import pytest

from playout.kit.json_merge_patch import json_merge_patch

TABLE = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ({"a": "text"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ({"a": {"b": {"c": 1, "d": 2}}}, {"a": {"b": {"c": None}}}, {"a": {"b": {"d": 2}}}),
    ({"a": 1}, {}, {"a": 1}),
]


class TestJsonMergePatch:
    @pytest.mark.parametrize(("target", "patch", "result"), TABLE)
    def test_examples_of_the_rfc(self, target, patch, result):
        assert json_merge_patch(target, patch) == result

    def test_the_target_is_not_changed(self):
        target = {"a": {"b": 1}, "c": 2}
        json_merge_patch(target, {"a": {"b": None, "d": 3}, "c": None})
        assert target == {"a": {"b": 1}, "c": 2}
