"""Disabling, restoring and rotating shares, and their audit trail."""

import pytest

from playout.core.permissions import Role
from tests.api.helpers.shares_client import Shares, problem, shares_of


@pytest.fixture
def shares(web, tenant, make_video) -> Shares:
    make_video(title="What DEV plays")
    return shares_of(web, tenant)


class TestDisable:
    def test_the_page_is_gone_and_the_configuration_stays(self, shares):
        share = shares.create("DEV", locale="de")
        assert shares.page(share).status_code == 200
        off = shares.post_action("disable", "DEV").json()
        assert (off["status"], off["slug"], off["locale"]) == ("Disabled", share["slug"], "de")
        assert off["disabledAt"]
        assert off["disabledBy"] == Role.ORGANIZATION_ADMIN
        gone = shares.page(share)
        assert gone.status_code == 404
        assert "Diese Seite macht eine Pause" in gone.text

    def test_restoring_keeps_the_address_and_names_the_actor(self, shares):
        share = shares.create("DEV")
        shares.post_action("disable", "DEV")
        on = shares.post_action("restore", "DEV", shares.key_of(Role.PROJECT_MANAGER)).json()
        assert (on["status"], on["slug"]) == ("Enabled", share["slug"])
        assert on["disabledBy"] == Role.ORGANIZATION_ADMIN
        assert on["restoredBy"] == Role.PROJECT_MANAGER
        assert shares.page(share).status_code == 200

    def test_doing_either_twice_is_no_error_and_adds_no_row(self, shares):
        shares.create("DEV")
        assert shares.post_action("restore", "DEV").status_code == 200
        for verb in ("disable", "disable", "restore", "restore", "disable"):
            assert shares.post_action(verb, "DEV").status_code == 200
        assert [entry["event"] for entry in shares.audit("DEV")] == [
            "share.disabled",
            "share.restored",
            "share.disabled",
            "share.created",
        ]

    def test_disabling_again_later_forgets_the_restoring_between(self, shares):
        shares.create("DEV")
        for verb in ("disable", "restore"):
            shares.post_action(verb, "DEV")
        assert shares.post_action("disable", "DEV").json()["restoredAt"] is None

    @pytest.mark.parametrize("verb", ["disable", "restore", "rotate-slug"])
    def test_a_channel_without_a_share_is_not_found(self, shares, verb):
        answer = shares.post_action(verb, "STAGING")
        assert answer.status_code == 404
        assert "errors" not in problem(answer)


class TestRotateSlug:
    def test_the_old_address_is_as_unknown_as_one_that_never_was(self, shares, web):
        old = shares.create("DEV")
        shares.page(old)
        rotated = shares.post_action("rotate-slug", "DEV").json()
        assert rotated.keys() == {"previousSlug", "slug", "publicUrl"}
        assert rotated["previousSlug"] == old["slug"] != rotated["slug"]
        assert web.get(rotated["publicUrl"]).status_code == 200
        gone, unknown, junk = (web.get(f"/s/{slug}") for slug in (old["slug"], "0" * 32, "x"))
        assert gone.status_code == unknown.status_code == junk.status_code == 404
        assert gone.content == unknown.content == junk.content

    def test_it_goes_on_under_the_new_address(self, shares):
        shares.create("DEV")
        slug = shares.post_action("rotate-slug", "DEV").json()["slug"]
        assert shares.create("DEV")["slug"] == slug

    def test_the_audit_trail_has_both_addresses(self, shares):
        shares.create("DEV")
        rotated = shares.post_action("rotate-slug", "DEV").json()
        newest = shares.audit("DEV")[0]
        assert newest["event"] == "share.rotated"
        assert newest["changes"] == {"slug": [rotated["previousSlug"], rotated["slug"]]}


class TestAudit:
    def test_it_says_who_did_what_when_and_through_what_newest_first(self, shares, web, tenant):
        shares.create("DEV")
        path = f"/api{shares.path}/DEV/disable"
        web.post(path, headers=tenant.headers | {"X-Request-Id": "trail-1"})
        off, made = shares.audit("DEV")
        assert (off["event"], made["event"]) == ("share.disabled", "share.created")
        assert off["at"] >= made["at"]
        assert off["actor"]["name"] == Role.ORGANIZATION_ADMIN
        assert (off["api"], off["requestId"]) == ("shares", "trail-1")
        assert off["changes"] == {"status": ["Enabled", "Disabled"]}

    def test_each_channel_has_a_trail_of_its_own(self, shares):
        shares.create("DEV")
        shares.create("PROD")
        shares.post_action("disable", "PROD")
        assert len(shares.audit("DEV")) == 1
