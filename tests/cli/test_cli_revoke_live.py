"""A revoked key stops working on a running server."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.helpers.live import Founded, Live

pytestmark = pytest.mark.slow


class TestRevokeWhileServing:
    def test_the_key_stops_working_within_a_second(self, live: Live, acme: Founded) -> None:
        mine = ("--organization", acme.organization, "--role", "Viewer")
        key = live.told("keys", "create", "--name", "Short-lived", *mine)
        last_accepted, refused = datetime.min.replace(tzinfo=UTC), threading.Event()

        def use() -> None:
            nonlocal last_accepted
            with live.client(key["key"]) as client:
                while not refused.wait(0.01):
                    asked_at = datetime.now(UTC)
                    if client.get("/api/v1/workspaces/").status_code == 401:
                        refused.set()
                    else:
                        last_accepted = asked_at

        using = threading.Thread(target=use)
        using.start()
        try:
            live.told("keys", "revoke", str(key["id"]))
            assert refused.wait(1), "the key is still accepted"
        finally:
            refused.set()
            using.join()
        [[revoked_at]] = live.rows("SELECT revoked_at FROM keys WHERE id = %s", key["id"])
        assert last_accepted - revoked_at < timedelta(seconds=1)
