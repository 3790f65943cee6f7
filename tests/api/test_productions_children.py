"""Distributions and activations of a production."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.helpers.productions_client import Productions, error_message, ledger

SETTINGS = {
    "distributions": {"format": "HLS", "quality": "adaptive", "own": {"key": [1]}},
    "activations": {
        "startDate": "2024-12-01",
        "endDate": "2024-12-31",
        "targeting": {"regions": ["NA", "EU"], "platforms": ["web", "mobile"]},
        "budget": 100,
    },
}
WRONG = {"distributions": {"format": "AVI"}, "activations": {"endDate": "someday"}}
each_noun = pytest.mark.parametrize("noun", ["distributions", "activations"])


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


@pytest.fixture
def production(api):
    return f"/productions/{api.create()['id']}"


class TestChildResources:
    @each_noun
    def test_are_made_read_changed_and_deleted(self, api, tenant, production, noun):
        path, event = f"{production}/{noun}", noun.removesuffix("s")
        created = api.create(path, settings=SETTINGS[noun])
        assert created["settings"] == SETTINGS[noun]
        assert created["production"] == production.rpartition("/")[2]
        own = f"{path}/{created['id']}"
        assert api.one("GET", own) == created
        assert api.data("GET", path) == [created]
        changed = api.one("PATCH", own, {"name": "Renamed", "settings": {"own": None, "a": 1}})
        assert changed["name"] == "Renamed"
        kept = {name: value for name, value in SETTINGS[noun].items() if name != "own"}
        assert changed["settings"] == kept | {"a": 1}
        assert api.data("DELETE", own) == [{"id": created["id"]}]
        assert api.data("GET", path) == []
        error_message(api.call("GET", own), 404)
        rows = [row for row in ledger(tenant) if row.subject_type == event]
        assert [row.event for row in rows] == [
            f"{event}.{verb}" for verb in ("created", "updated", "deleted")
        ]
        assert {row.subject_id for row in rows} == {created["id"]}
        assert rows[1].changes["name"] == ["A thing", "Renamed"]

    @each_noun
    def test_batches_are_done_whole_or_not_at_all(self, api, tenant, production, noun):
        path = f"{production}/{noun}"
        batch = [{"name": f"Number {n}"} for n in range(100)]
        created = api.data("POST", path, batch)
        assert [each["name"] for each in created] == [each["name"] for each in batch]
        batch[73]["settings"] = WRONG[noun]
        assert error_message(api.call("POST", path, batch), 400).startswith("item 73: settings.")
        changes = [{"id": each["id"], "name": "Changed"} for each in created]
        changes[73]["settings"] = WRONG[noun]
        assert error_message(api.call("PATCH", path, changes), 400).startswith("item 73: settings.")
        changes[73] = {"id": "99999999", "name": "Changed"}
        missing = f"item 73: There is no such {noun.removesuffix('s')}."
        assert error_message(api.call("PATCH", path, changes), 404) == missing
        assert error_message(api.call("DELETE", path, changes), 404) == missing
        changes[73] = changes[72]
        for method in ("PATCH", "DELETE"):
            message = error_message(api.call(method, path, changes), 400)
            assert message == "item 73: Its id is that of item 72 already."
        assert api.all_pages(path) == created[::-1]
        assert len(ledger(tenant, f"{noun.removesuffix('s')}.updated")) == 0
        changes = [{"id": each["id"], "name": "Changed"} for each in created[::-1]]
        assert {each["name"] for each in api.data("PATCH", path, changes)} == {"Changed"}
        assert len(api.data("DELETE", path, changes)) == 100
        assert api.all_pages(path) == []

    @each_noun
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ([{}], "item 0: name"),
            ([{"name": "Fine"}, {"name": ""}], "item 1: name"),
            ([{"name": "x" * 256}], "item 0: name"),
            ([{"name": "Fine", "settings": 7}], "item 0: settings"),
            ({"name": "Fine"}, "The body must be an array"),
            ([], "The array is empty"),
        ],
    )
    def test_what_is_wrong_is_named(self, api, production, noun, body, field):
        assert error_message(api.call("POST", f"{production}/{noun}", body), 400).startswith(field)

    @each_noun
    def test_a_name_is_never_emptied(self, api, production, noun):
        own = f"{production}/{noun}/{api.create(f'{production}/{noun}')['id']}"
        for name in ("", "  ", None):
            assert error_message(api.call("PATCH", own, {"name": name}), 400).startswith("name: ")

    @each_noun
    def test_a_patch_that_makes_no_sense_of_the_whole_is_refused(self, api, production, noun):
        created = api.create(f"{production}/{noun}", settings=SETTINGS[noun])
        own = f"{production}/{noun}/{created['id']}"
        error_message(api.call("PATCH", own, {"settings": WRONG[noun]}), 400)
        error_message(api.call("PATCH", own, {"name": "New", "settings": WRONG[noun]}), 400)
        assert api.one("GET", own) == created

    @each_noun
    def test_belong_to_one_production_alone(self, api, production, noun):
        created = api.create(f"{production}/{noun}")
        other = f"/productions/{api.create()['id']}/{noun}"
        for method, body in (("GET", None), ("PATCH", {"name": "Mine"}), ("DELETE", None)):
            error_message(api.call(method, f"{other}/{created['id']}", body), 404)
        error_message(api.call("DELETE", other, [{"id": created["id"]}]), 404)
        assert api.data("GET", other) == []

    @each_noun
    def test_are_gone_with_their_production(self, api, production, noun):
        path = f"{production}/{noun}"
        created = api.create(path)
        api.data("DELETE", production)
        for each in (path, f"{path}/{created['id']}"):
            assert error_message(api.call("GET", each), 404) == "There is no such production."
        error_message(api.call("POST", path, [{"name": "Late"}]), 404)

    @each_noun
    def test_an_etag_guards_against_the_changes_of_others(self, api, production, noun):
        own = f"{production}/{noun}/{api.create(f'{production}/{noun}')['id']}"
        first = api.call("GET", own).headers["ETag"]
        assert api.call("GET", own, If_None_Match=first).status_code == 200
        api.one("PATCH", own, {"name": "Mine"}, If_Match=first)
        error_message(api.call("PATCH", own, {"name": "Yours"}, If_Match=first), 412)
        error_message(api.call("DELETE", own, If_Match=first), 412)
        assert api.one("GET", own)["name"] == "Mine"

    @each_noun
    @pytest.mark.parametrize("strange", ["abc", "0", "007", "9" * 30])
    def test_a_text_that_is_no_id_is_answered_like_an_unknown_id(
        self, api, production, noun, strange
    ):
        path = f"{production}/{noun}"
        unknown = error_message(api.call("GET", f"{path}/{2**62}"), 404)
        for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
            assert error_message(api.call(method, f"{path}/{strange}", body), 404) == unknown

    @each_noun
    def test_are_listed_newest_first_to_the_end(self, api, production, noun):
        path = f"{production}/{noun}"
        created = api.data("POST", path, [{"name": f"{n}"} for n in range(10)])
        assert api.all_pages(path) == created[::-1]


class TestDistributions:
    def status(self, api, production, **settings):
        created = api.create(f"{production}/distributions", settings=settings)
        return created["status"], created["progress"], created["playback_url"]

    def test_mp4_is_ready_when_the_video_plays(self, api, make_video):
        video = make_video()
        path = f"/productions/{video['id']}"
        ready = ("ready", 100, video["video"])
        assert self.status(api, path, format="MP4", quality="720p") == ready

    def test_all_wait_for_a_video_that_has_no_source(self, api, production):
        for waiting in ({}, {"format": "MP4"}, {"format": "DASH", "quality": "480p"}):
            assert self.status(api, production, **waiting) == ("pending", 0, None)


class TestActivations:
    def status(self, api, production, **settings):
        return api.create(f"{production}/activations", settings=settings)["status"]

    def test_status_follows_the_clock(self, api, production):
        today = datetime.now(UTC)
        yesterday, tomorrow = (
            (today + timedelta(days=days)).date().isoformat() for days in (-1, 1)
        )
        assert self.status(api, production) == "live"
        assert self.status(api, production, startDate=tomorrow) == "scheduled"
        assert self.status(api, production, startDate=yesterday) == "live"
        assert self.status(api, production, endDate=yesterday) == "ended"
        assert self.status(api, production, startDate=yesterday, endDate=tomorrow) == "live"
        moment = (today - timedelta(minutes=1)).isoformat()
        assert self.status(api, production, endDate=moment) == "ended"

    def test_an_end_before_the_start_is_refused_also_when_a_patch_makes_it_so(
        self, api, production
    ):
        path = f"{production}/activations"
        body = [{"name": "x", "settings": {"startDate": "2024-12-31", "endDate": "2024-12-01"}}]
        error_message(api.call("POST", path, body), 400)
        created = api.create(path, settings=SETTINGS["activations"])
        patch = {"settings": {"startDate": "2025-01-01"}}
        message = error_message(api.call("PATCH", f"{path}/{created['id']}", patch), 400)
        assert message == "settings.endDate: It ends before it starts."
        patch["settings"]["endDate"] = None
        assert api.one("PATCH", f"{path}/{created['id']}", patch)["status"] == "live"

    @pytest.mark.parametrize(
        "targeting",
        [{"regions": ["Mars"]}, {"platforms": ["radio"]}, {"regions": "NA"}, 7, []],
    )
    def test_targets_that_there_are_not_are_refused(self, api, production, targeting):
        body = [{"name": "x", "settings": {"targeting": targeting}}]
        message = error_message(api.call("POST", f"{production}/activations", body), 400)
        assert message.startswith("item 0: settings.targeting")
