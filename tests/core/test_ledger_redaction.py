"""Redaction of changes: secrets leave, all else stays, and doing it twice changes nothing."""

import re

import pytest

from playout.core.events.queries import NEEDED, OF_VIDEOS
from playout.core.ledger.events import EVENTS
from playout.core.ledger.redaction import redacted


class TestLongValues:
    @pytest.mark.parametrize("value", ["x" * 20_000, ["é" * 9_000], {"plan": [1] * 9_000}])
    def test_they_leave_their_length_and_a_fingerprint(self, value):
        once = redacted("video", {"plan": ["short", value]})
        before, after = once["plan"]
        assert before == "short"
        assert re.fullmatch(r"[\d,]+ bytes, sha256:[0-9a-f]{64}", after)
        assert redacted("video", once) == once
        assert redacted("video", {"plan": [value, None]})["plan"][0] == after

    def test_a_description_of_the_longest_kind_stays(self):
        text = "x" * 10_000
        assert redacted("video", {"description": [None, text]})["description"][1] == text


class TestRedacted:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("https://a.example/b.mp4?sig=x#y", "https://a.example/b.mp4?…#…"),
            ("HTTPS://me:pass@a.example:8443/b", "HTTPS://…@a.example:8443/b"),
            ("s3://key:secret@bucket/file", "s3://…@bucket/file"),
            ("rtmps://a.example/live?key=x", "rtmps://a.example/live?…"),
            ("see https://a.example/?t=x and <http://b.example/#z>.", None),
            ("https://a.example/b.mp4", "https://a.example/b.mp4"),
            ("https://[::1/?x", "https://[::1/?…"),
            ("Is it 5 o'clock? #yes a@b", "Is it 5 o'clock? #yes a@b"),
            ("https://a.example/b?c='&sig=x", "https://a.example/b?…"),
            ('(https://a.example/b?c="d"&sig=x), #1', "(https://a.example/b?…), #1"),
            ("https://me'n:pass@a.example/", "https://…@a.example/"),
            ("//me:pass@a.example/b?sig=x", "//…@a.example/b?…"),
            (r"https:\\me:pass@a.example/", r"https:\\…@a.example/"),
            ({"https://a.example/?sig=x": 1}, {"https://a.example/?…": 1}),
            *((each, each) for each in (None, 5, True, "", [1], {"format": "HLS"})),
            ({"token": "x", "n": [{"apiKey": 5}], "secret": None}, None),
        ],
    )
    def test_urls_lose_what_may_be_secret(self, value, kept):
        known = {
            str: "see https://a.example/?… and <http://b.example/#…>.",
            dict: {"token": "…", "n": [{"apiKey": "…"}], "secret": None},
        }
        (_, after) = redacted("video", {"field": [None, value]})["field"]
        assert after == (known[type(value)] if kept is None and value is not None else kept)

    @pytest.mark.parametrize(
        "field", ["external_url", "sections.3.video_file", "url", "brand.home_url"]
    )
    def test_a_space_ends_no_url_that_is_the_value_of_a_field(self, field):
        changes = {field: [None, "https://a.example/b.mp4?c= &sig=x y"]}
        assert redacted("video", changes) == {field: [None, "https://a.example/b.mp4?…"]}

    @pytest.mark.parametrize("part", ["a", "a.", "://", "a:/", "@"])
    def test_a_long_text_takes_no_time_to_speak_of(self, part):
        text = part * 100_000  # a search that is quadratic would take minutes
        before, after = redacted("video", {"plan": [text, None]})["plan"]
        assert before.startswith(f"{len(text) + 2:,} bytes, ")
        assert after is None

    def test_of_the_url_of_a_webhook_the_host_stays(self):
        changes = {"url": ["https://a.example/hooks/x?y", "https://a.example/"]}
        kept = {"url": ["https://a.example/…?…", "https://a.example/"]}
        assert redacted("webhook", changes) == kept

    def test_of_the_settings_of_a_key_the_names_and_the_default_project_stay(self):
        settings = {"a": {"b": ["x"]}, "defaults": {"property": "7", "c": 1}, "d": None}
        kept = {"a": {"b": "…"}, "defaults": {"property": "7", "c": "…"}, "d": None}
        assert redacted("key", {"settings": [{}, settings]}) == {"settings": [{}, kept]}

    def test_twice_is_as_once(self):
        changes = {
            "a": ["https://me:p@a.example/b?c#d", {"token": "x"}],
            "settings": [{}, {"a": 1}],
        }
        for subject in ("video", "webhook", "key"):
            once = redacted(subject, changes)
            assert redacted(subject, once) == once


class TestNeeded:
    def test_every_subject_of_an_event_needs_a_permission(self):
        nouns = {event.partition(".")[0] for event in EVENTS} - {"access"}
        assert nouns == set(NEEDED)
        assert set(NEEDED) > OF_VIDEOS
