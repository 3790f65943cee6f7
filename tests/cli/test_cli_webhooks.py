"""Commands for webhooks."""

import base64

import pytest

from tests.helpers.live import Founded, Live

pytestmark = pytest.mark.slow


class TestWebhooks:
    def test_an_endpoint_is_created_and_paused_and_its_secrets_are_shown(
        self, live: Live, acme: Founded
    ):
        slug = ("--organization", acme.organization)
        made = live.told("webhooks", "create", "http://127.0.0.1:1/", "--event", "share.", *slug)
        assert (made["events"], made["state"]) == (["share.*"], "enabled")
        assert len(base64.b64decode(made["secret"].removeprefix("whsec_"))) == 32
        id_ = str(made["id"])
        assert live.told("webhooks", "pause", id_)["state"] == "paused"
        new = live.told("webhooks", "rotate", id_)["secret"]
        assert live.told("webhooks", "show-secret", id_)["secrets"] == [new, made["secret"]]
        assert live.told("reencrypt")["webhooks"] >= 1
        assert live.told("webhooks", "show-secret", id_)["secrets"] == [new, made["secret"]]

    def test_resend_without_a_time_is_an_error(self, live: Live):
        done = live.run("webhooks", "resend", "--webhook", "1")
        assert done.returncode == 1
        assert "Use either --delivery ID, or --webhook ID and --since TIME." in done.stderr
