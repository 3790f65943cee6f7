"""A grant opens the files of one video, for one to two days, in one epoch."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from playout.core.playback.grants import (
    PURPOSE,
    VISITOR,
    Grant,
    grant_query,
    key_holder,
    share_holder,
    sign_grant,
)
from playout.kit.signing import Signer

SIGNER = Signer("a secret")
UID = uuid4()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOLDER = key_holder(7)


def is_valid(text: str, **changes) -> bool:
    facts = {"signer": SIGNER, "uid": UID, "epoch": 3, "now": NOON} | changes
    return Grant.parse(text).is_valid(**facts)


class TestValidity:
    def test_grant_is_valid_for_its_video_epoch_and_installation_alone(self):
        grant = sign_grant(SIGNER, UID, 3, NOON, HOLDER)
        assert is_valid(grant)
        assert not is_valid(grant, uid=uuid4())
        assert not is_valid(grant, epoch=4)
        assert not is_valid(grant, signer=Signer("another secret"))

    def test_grant_ends_with_the_next_day(self):
        grant = sign_grant(SIGNER, UID, 3, NOON, HOLDER)
        assert is_valid(grant, now=datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC))
        assert not is_valid(grant, now=datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC))

    def test_all_grants_of_a_day_are_the_same(self):
        later = NOON + timedelta(hours=11)
        assert sign_grant(SIGNER, UID, 3, NOON, HOLDER) == sign_grant(SIGNER, UID, 3, later, HOLDER)

    @pytest.mark.parametrize("text", ["", ".", "..", "x", "9" * 13 + ".x", "-1.x", "²³.x"])
    def test_text_that_is_no_grant_is_invalid(self, text):
        assert not is_valid(text)


class TestHolder:
    def test_holder_is_a_share_or_a_key(self):
        holders = ["c0ffee", share_holder("c0ffee", "5ea1"), key_holder(7), VISITOR]
        grants = [Grant.parse(sign_grant(SIGNER, UID, 3, NOON, each)) for each in holders]
        assert [grant.share for grant in grants] == ["c0ffee", "c0ffee", "", ""]
        assert [grant.key_id for grant in grants] == [None, None, 7, None]

    def test_without_a_holder_it_opens_nothing_also_if_an_older_version_signed_it(self):
        expires = str(int(NOON.timestamp()) + 3600)
        signature = SIGNER.signature(PURPOSE, f"{UID}.3.{expires}")
        assert not is_valid(f"{expires}.{signature}")
        assert not is_valid(sign_grant(SIGNER, UID, 3, NOON, ""))
        assert key_holder(None) == ""

    def test_holder_cannot_be_changed_or_removed(self):
        grant = sign_grant(SIGNER, UID, 3, NOON, "c0ffee")
        assert is_valid(grant)
        assert not is_valid(grant.removesuffix(".c0ffee"))
        assert not is_valid(grant.replace("c0ffee", "c0ffed"))

    def test_query_carries_the_grant_if_there_is_one(self):
        assert grant_query("1.x.~7") == "grant=1.x.~7"
        assert grant_query("") == ""
