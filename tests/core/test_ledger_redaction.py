"""Redaction of changes: secrets leave, all else stays, and doing it twice changes nothing."""

import pytest

from playout.core.events.queries import NEEDED, OF_VIDEOS
from playout.core.ledger.events import EVENTS
from playout.core.ledger.redaction import redacted


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
