"""Endpoints: their secrets, failures, pauses, tests, and when one is disabled."""

import time
from datetime import datetime, timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.core.webhooks import deliveries, service
from playout.core.webhooks.model import Delivery, DeliveryState, EndpointState
from playout.kit.clock import utcnow
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Conflict, Invalid
from playout.kit.signing import Signer
from tests.core.webhooks.helpers.webhook_endpoint import happened
from tests.helpers.live import until
from tests.helpers.webhook_receiver import answer


@pytest.fixture
def write(runtime):
    """Calls a use case in a unit of work."""

    def write(use, *arguments):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            return use(unit, *arguments)

    return write


def states(hook) -> list[DeliveryState]:
    return [each.state for each in hook.deliveries()]


class TestSecrets:
    def test_after_a_rotation_both_verify_and_once_the_overlap_is_over_the_new_one_alone(
        self, runtime, tenant, hook, receiver, write
    ):
        listening = hook()
        _, new = write(service.rotate, runtime.cipher, listening.id)
        happened(tenant)
        came = receiver.wait(1)[0]
        for secret in (listening.secret, new):
            came.verified(secret)
        listening.set(previous_until=utcnow())
        happened(tenant)
        came = receiver.wait(2)[1]
        came.verified(new)
        with pytest.raises(WebhookVerificationError):
            came.verified(listening.secret)

    def test_no_secret_is_in_the_database_as_it_is(self, runtime, hook):
        listening = hook()
        kept = listening.row().secret
        raw = listening.secret.removeprefix("whsec_").encode()
        assert raw not in kept
        assert runtime.cipher.decrypt(kept) == listening.secret

    def test_a_new_key_decrypts_what_older_keys_encrypted_and_a_foreign_key_nothing(self):
        signer = Signer("of the installation")
        sealed = SecretCipher(signer).encrypt("whsec_x")
        both = SecretCipher(signer, ["new", "old"])
        renewed = both.reencrypt(sealed)
        assert both.decrypt(sealed) == both.decrypt(renewed) == "whsec_x"
        assert SecretCipher(signer, ["new"]).decrypt(renewed) == "whsec_x"
        with pytest.raises(Conflict):
            SecretCipher(signer, ["old"]).decrypt(renewed)
        with pytest.raises(Conflict):
            SecretCipher(Signer("of another")).decrypt(sealed)


class TestAddresses:
    @pytest.mark.parametrize(
        "url", ["ftp://example.com/", "//example.com", "http://", "http://user:word@example.com/"]
    )
    def test_what_is_no_address_for_it_is_refused(self, hook, url):
        with pytest.raises(Invalid):
            hook(url=url)

    @pytest.mark.parametrize("pattern", ["video", "videos.*", "key.created", "**", ""])
    def test_an_event_that_there_is_not_cannot_be_listened_to(self, hook, pattern):
        with pytest.raises(Invalid):
            hook("/", pattern)

    def test_a_redirect_is_not_followed_and_an_address_inside_not_reached(
        self, tenant, hook, receiver
    ):
        receiver.answers["/out"] = answer(307, Location=receiver.url("/in"))
        redirected, inward = hook("/out"), hook(url="http://169.254.169.254/latest/")
        happened(tenant)
        until(redirected.attempts, 5, "an attempt")
        until(inward.attempts, 5, "an attempt")
        assert redirected.attempts()[0].status == 307
        assert receiver.at("/in") == []
        told = inward.attempts()[0]
        assert (told.status, told.error) == (
            None,
            "The address lies in a network that may not be reached.",
        )


class TestFailure:
    def test_a_failed_delivery_waits_for_its_retry_under_the_same_id_and_bytes(
        self, runtime, tenant, hook, receiver
    ):
        receiver.answers["/"] = answer(500, b"not now")
        listening = hook()
        happened(tenant)
        until(listening.attempts, 5, "an attempt")
        delivery = listening.deliveries()[0]
        assert (delivery.state, delivery.tries) == (DeliveryState.PENDING, 1)
        assert timedelta(seconds=4) < delivery.next_at - utcnow() <= timedelta(seconds=5.5)
        receiver.answers["/"] = answer()
        with runtime.database.write_session() as session:
            session.get(Delivery, delivery.id).next_at = utcnow()
        first, second = receiver.wait(2)
        assert (first.id, first.body) == (second.id, second.body)
        assert listening.attempts()[0].status == 500

    def test_one_that_asks_to_be_left_alone_is(self, tenant, hook, receiver):
        receiver.answers["/"] = answer(503, Retry_After="60")
        listening = hook()
        happened(tenant)
        until(listening.attempts, 5, "an attempt")
        happened(tenant)
        until(lambda: len(listening.deliveries()) == 2, 5, "two deliveries")
        time.sleep(0.3)
        assert len(receiver.received) == 1
        assert listening.row().quiet_until - utcnow() > timedelta(seconds=50)

    @pytest.mark.parametrize(
        ("status", "since", "reason"),
        [(410, None, "gone for good"), (500, timedelta(days=5), "five days")],
    )
    def test_one_that_is_gone_or_fails_for_five_days_is_disabled_and_others_hear_of_it(
        self, tenant, hook, receiver, status, since, reason
    ):
        receiver.answers["/"] = answer(status)
        failing = hook("/")
        other = hook("/other", "webhook.*")
        failing.set(failing_since=utcnow() - since if since else None)
        etag = failing.row().etag
        happened(tenant)
        told = receiver.wait(1, "/other")[0].verified(other.secret)
        assert told["type"] == "webhook.disabled"
        assert told["data"]["webhook"] == {"id": failing.id}
        row = failing.row()
        assert row.state is EndpointState.DISABLED
        assert reason in row.disabled_reason
        assert row.etag != etag, "who looked at it before does not overwrite that"
        happened(tenant)
        time.sleep(0.2)
        assert len(failing.deliveries()) == 1, "nothing is made for it any more"

    def test_a_success_ends_a_time_of_failure(self, tenant, hook, receiver):
        listening = hook()
        listening.set(failing_since=utcnow() - timedelta(days=4))
        happened(tenant)
        until(lambda: states(listening) == [DeliveryState.DELIVERED], 5, "a delivery")
        assert listening.row().failing_since is None


class TestPause:
    def test_what_happens_meanwhile_waits_and_is_sent_when_it_is_resumed(
        self, tenant, hook, receiver, write
    ):
        listening = hook()
        write(service.pause, listening.id)
        told = happened(tenant)
        until(listening.deliveries, 5, "a delivery")
        time.sleep(0.2)
        assert receiver.received == []
        write(service.resume, listening.id)
        came = receiver.wait(1)[0]
        assert came.message["data"]["video"]["uid"] == told

    def test_a_trial_goes_to_that_endpoint_alone_whatever_it_listens_to(
        self, hook, receiver, write
    ):
        tested = hook("/tested", "share.*")
        hook("/other", "*")
        write(service.send_test, tested.id)
        message = receiver.wait(1, "/tested")[0].verified(tested.secret)
        assert (message["type"], message["data"]["webhook"]) == ("webhook.test", {"id": tested.id})
        time.sleep(0.2)
        assert receiver.at("/other") == []


class TestSendingAgain:
    def test_one_that_was_delivered_comes_again_under_the_same_id(
        self, tenant, hook, receiver, write
    ):
        listening = hook()
        happened(tenant)
        until(lambda: states(listening) == [DeliveryState.DELIVERED], 5, "a delivery")
        write(deliveries.resend, listening.deliveries()[0].id)
        first, second = receiver.wait(2)
        assert (first.id, first.body) == (second.id, second.body)

    def test_all_that_failed_since_a_time_come_again_and_nothing_else(
        self, runtime, tenant, hook, receiver, write
    ):
        listening = hook()
        for _ in range(4):
            happened(tenant)
        until(lambda: states(listening) == [DeliveryState.DELIVERED] * 4, 5, "deliveries")
        happened_at = {each.id: each.message["timestamp"] for each in receiver.wait(4)}
        # They may have been written down in another order: two jobs see to it at once.
        in_order = sorted(listening.deliveries(), key=lambda each: happened_at[each.webhook_id])
        old, middle, new, _ = in_order
        with runtime.database.write_session() as session:
            for each in (old, middle, new):
                session.get(Delivery, each.id).state = DeliveryState.FAILED
        since = datetime.fromisoformat(happened_at[middle.webhook_id])
        assert write(deliveries.resend_failed, listening.id, since) == 2
        came = [each.id for each in receiver.wait(6)[4:]]
        assert sorted(came) == sorted([middle.webhook_id, new.webhook_id])
        [untouched] = [each for each in listening.deliveries() if each.id == old.id]
        assert untouched.state is DeliveryState.FAILED
