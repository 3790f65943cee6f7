"""From a commit to a receiver: signed, once for each endpoint that listens, never before."""

import json
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.core.webhooks.model import DeliveryState
from playout.kit.metrics import REGISTRY
from tests.core.webhooks.helpers.webhook_endpoint import happen, happened
from tests.helpers.live import until
from tests.helpers.webhook_receiver import answer


class TestDelivery:
    def test_an_event_comes_with_what_changed_and_every_name_of_its_subject(
        self, tenant, hook, receiver, make_video, web
    ):
        listening = hook("/", "video.published")
        video = make_video(title="Spring")
        path = f"/api/v1/videos/{video['id']}/publish/"
        answer = web.post(path, json={"visibility": "public"}, headers=tenant.headers)
        message = receiver.wait(1)[0].verified(listening.secret)
        assert message["type"] == "video.published"
        data = message["data"]
        assert data["video"] == {
            "id": video["id"],
            "uid": video["uid"],
            "session_id": video["session_id"],
            "production_id": str(video["id"]),
        }
        uid = str(tenant.organization.uid)
        assert data["organization"] == {"id": tenant.organization.id, "uid": uid}
        assert data["project"]["id"] == tenant.project_id
        assert data["changes"]["title"] == [None, "Spring"]
        assert data["request_id"] == answer.headers["x-request-id"]

    def test_how_long_the_receiver_took_is_counted(self, runtime, tenant, hook, receiver):
        def count() -> float:
            name, labels = "playout_webhook_attempt_seconds_count", {"outcome": "succeeded"}
            return REGISTRY.get_sample_value(name, labels) or 0

        before = count()
        hook()
        happened(tenant)
        receiver.wait(1)
        until(lambda: count() > before, 5, "the attempt counted")

    def test_the_specifications_own_library_verifies_it_and_nothing_that_was_tampered_with(
        self, tenant, hook, receiver
    ):
        listening = hook()
        happened(tenant)
        came = receiver.wait(1)[0]
        library = Webhook(listening.secret)
        assert library.verify(came.body, came.headers) == json.loads(came.body)
        for place in range(0, len(came.body), 7):
            body = bytearray(came.body)
            body[place] ^= 1
            with pytest.raises(WebhookVerificationError):
                library.verify(bytes(body), came.headers, json_parse=False)
        for header, value in (
            ("webhook-timestamp", str(int(time.time()) - 301)),
            ("webhook-timestamp", str(int(came.headers["webhook-timestamp"]) + 1)),
            ("webhook-id", "msg_1_1"),
        ):
            with pytest.raises(WebhookVerificationError):
                library.verify(came.body, came.headers | {header: value})
        with pytest.raises(WebhookVerificationError):
            Webhook(hook("/other").secret).verify(came.body, came.headers)

    def test_what_rolls_back_sends_nothing(self, runtime, tenant, hook, receiver):
        hook()

        def fail() -> None:
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                happen(unit, tenant)
                unit.flush_outbox()  # as far as it can come without a commit
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        told = happened(tenant)
        assert [each.message["data"]["video"]["uid"] for each in receiver.wait(1)] == [told]
        time.sleep(0.3)
        assert len(receiver.received) == 1

    def test_each_endpoint_gets_what_it_listens_to(self, tenant, hook, receiver):
        hook("/exact", "video.updated")
        hook("/noun", "share.*")
        hook("/prefix", "share.")
        hook("/all", "*")
        hook("/elsewhere", "*", project_ids=[tenant.project_id + 1_000_000])
        hook("/here", "*", project_ids=[tenant.project_id])
        for event in ("video.updated", "share.rotated", "video.created", "key.created"):
            happened(tenant, event)
        expected = {
            "/exact": ["video.updated"],
            "/noun": ["share.rotated"],
            "/prefix": ["share.rotated"],
            "/all": ["share.rotated", "video.updated"],
            "/elsewhere": [],
            "/here": ["share.rotated", "video.updated"],
        }
        for path, events in expected.items():
            came = receiver.wait(len(events), path)
            assert sorted(each.message["type"] for each in came) == events, path

    def test_another_organizations_endpoint_hears_nothing(
        self, tenant, other_tenant, hook, receiver
    ):
        hook("/", "*")
        happened(other_tenant)
        told = happened(tenant)
        time.sleep(0.2)
        came = receiver.wait(1)
        assert [each.message["data"]["video"]["uid"] for each in came] == [told]

    def test_the_sequence_of_a_thing_ascends_in_the_order_of_what_happened_to_it(
        self, tenant, hook, receiver, make_video, web
    ):
        hook("/", "video.updated")
        path = f"/api/v1/videos/{make_video()['id']}/"
        for number in range(5):
            web.patch(path, json={"title": f"Title {number}"}, headers=tenant.headers)
        messages = sorted(
            (each.message for each in receiver.wait(5)), key=lambda each: each["sequence"]
        )
        titles = [each["data"]["changes"]["title"][1] for each in messages]
        assert titles == [f"Title {number}" for number in range(5)]

    def test_a_delivery_tells_when_it_arrived_and_what_was_answered(self, tenant, hook, receiver):
        receiver.answers["/"] = answer(200, b"\xff\x00" + b"x" * 5_000)
        listening = hook()
        happened(tenant)
        until(listening.attempts, 5, "an attempt")
        delivery, attempt = listening.deliveries()[0], listening.attempts()[0]
        assert delivery.state is DeliveryState.DELIVERED
        assert (attempt.status, attempt.error) == (200, None)
        assert attempt.answer == b"\xff\x00" + b"x" * 1022
        assert 0 <= attempt.duration_ms < 5_000
        assert delivery.webhook_id == receiver.received[0].id
