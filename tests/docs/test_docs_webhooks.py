"""The page of webhooks says what the code does."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from playout.core.ledger.events import EVENTS
from playout.core.webhooks.events import WEBHOOK_EVENTS
from playout.settings import Settings

pytestmark = pytest.mark.slow

SECONDS = {"s": 1, "min": 60, "h": 3600}
SECRET = "whsec_" + "QUJD" * 8


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "webhooks.md").read_text()


class TestPage:
    def test_its_events_are_those_that_are_sent(self, page: str):
        rows = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.+) \|$", page, re.MULTILINE)
        assert dict(rows) == {event: EVENTS[event] for event in WEBHOOK_EVENTS}

    def test_its_retries_are_those_that_are_made(self, page: str):
        rows = re.findall(r"^\| (\d+) \| (\d+) (s|min|h) \|$", page, re.MULTILINE)
        waits = [int(number) * SECONDS[unit] for _, number, unit in rows]
        assert waits == list(Settings.model_fields["webhook_retries"].default)
        assert [int(attempt) for attempt, _, _ in rows] == list(range(2, len(waits) + 2))

    def test_its_receiver_in_python_lets_in_what_is_signed_and_nothing_else(
        self, page: str, capsys: pytest.CaptureFixture[str]
    ):
        (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        place: dict[str, object] = {}
        exec(code.replace("whsec_…", SECRET), place)
        now, body = datetime.now(UTC), '{"type": "video.published", "data": {}}'
        headers = {
            "webhook-id": "msg_1_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("msg_1_1", now, body),
        }
        receive = place["receive"]
        assert callable(receive)
        receive(body.encode(), headers)
        assert capsys.readouterr().out == "video.published {}\n"
        with pytest.raises(Exception, match="No matching signature"):
            receive(body.encode() + b" ", headers)
