"""Creating and changing public video shares."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.api.helpers.shares_client import OFFER, TITLE, Shares, shares_of


@pytest.fixture
def shares(web, tenant) -> Shares:
    return shares_of(web, tenant)


class TestPut:
    def test_the_first_makes_the_share_and_says_all_of_it(self, shares, runtime):
        credential = shares.create_credential()
        answer = shares.put(apiCredentialId=credential["id"], personalizationData={"n": 1e22})
        assert answer.status_code == 201, answer.text
        share = answer.json()
        assert share | OFFER == share
        assert share["projectId"] == shares.project_id
        assert (share["channel"], share["status"]) == ("PROD", "Enabled")
        assert share["publicUrl"] == f"{runtime.settings.base_url}/s/{share['slug']}"
        assert len(share["slug"]) * 4 >= 128
        assert share["personalizationData"] == {"n": 1e22}
        assert share["apiCredentialId"] == credential["id"]
        assert share["createdAt"] == share["updatedAt"]
        for name in ("videoId", "disabledAt", "disabledBy", "restoredAt", "restoredBy"):
            assert share[name] is None

    def test_the_same_body_again_changes_nothing_and_leaves_one_row(self, shares):
        data = {"b": [1.0, 1e22, True], "a": {"ñ": None}}
        first = shares.put(personalizationData=data)
        again = shares.put(personalizationData=data)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == first.json()
        assert [entry["event"] for entry in shares.audit()] == ["share.created"]

    def test_it_replaces_the_whole_configuration_and_keeps_the_address(self, shares):
        before = shares.create()
        after = shares.request("PUT", f"{shares.path}/PROD", {"publicTitle": "Another"})
        assert after.status_code == 200
        share = after.json()
        assert (share["publicTitle"], share["slug"]) == ("Another", before["slug"])
        assert share["publicSubtitle"] is share["ctaUrl"] is share["locale"] is None
        assert share["updatedAt"] > before["updatedAt"]

    def test_a_change_is_recorded_before_and_after(self, shares):
        shares.create()
        shares.create(publicTitle="Another", locale="fr")
        newest = shares.audit()[0]
        assert newest["event"] == "share.updated"
        assert newest["changes"] == {"publicTitle": [TITLE, "Another"], "locale": ["es-CL", "fr"]}

    def test_a_number_is_not_taken_for_the_truth_that_it_equals(self, shares):
        shares.create(personalizationData={"a": 1})
        assert shares.create(personalizationData={"a": True})["personalizationData"]["a"] is True

    def test_personal_data_stay_out_of_the_ledger(self, shares):
        shares.create(personalizationData={"name": "Florentina"})
        assert "Florentina" not in str(shares.audit())

    def test_each_channel_has_a_share_of_its_own_listed_in_their_order(self, shares):
        slugs = {shares.create(channel)["slug"] for channel in ("PROD", "DEV", "STAGING")}
        listed = shares.request("GET", shares.path).json()
        assert [share["channel"] for share in listed] == ["DEV", "STAGING", "PROD"]
        assert {share["slug"] for share in listed} == slugs
        assert len(slugs) == 3

    def test_a_disabled_share_stays_so_when_it_is_changed(self, shares):
        shares.create()
        shares.post_action("disable")
        assert shares.create(publicTitle="Another")["status"] == "Disabled"

    def test_a_video_of_the_project_is_pinned(self, shares, make_video):
        video = make_video()
        assert shares.create(videoId=video["uid"])["videoId"] == video["uid"]

    def test_blank_optional_texts_are_as_if_left_out(self, shares):
        share = shares.create(publicSubtitle=" ", locale="", ctaLabel="", ctaUrl="")
        assert share["publicSubtitle"] is share["locale"] is share["ctaLabel"] is None

    def test_of_many_at_once_one_makes_it(self, shares):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: shares.put("DEV"), range(8)))
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
        assert len({answer.json()["slug"] for answer in answers}) == 1
        assert len(shares.audit("DEV")) == 1

    def test_an_idempotency_key_replays_the_first_answer(self, shares):
        headers = {"Idempotency-Key": str(uuid4())}
        first, again = (
            shares.request("PUT", f"{shares.path}/DEV", OFFER, **headers) for _ in range(2)
        )
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["idempotency-replayed"] == "true"
