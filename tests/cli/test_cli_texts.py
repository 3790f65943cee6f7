"""Texts on the command line: in whatever form they are typed, they are stored in NFC."""

import json
from pathlib import Path
from typing import get_args, get_type_hints

import httpx2
import pytest
import typer

from playout.cli import accounts
from playout.cli.webhooks import webhooks
from tests.helpers.live import Founded, Live, playout
from tests.helpers.live_clips import make_clip
from tests.helpers.tenants import bearer

pytestmark = pytest.mark.slow

NFD = "Rene\u0301"


NO_NAMES = {"organization", "url", "event"}
"""Texts that name something by an address, a slug or a type."""


def _is_text(hint: object) -> bool:
    return hint is str or any(map(_is_text, get_args(hint)))


class TestTexts:
    @pytest.mark.parametrize(
        "group",
        [accounts.organizations, accounts.sub_accounts, accounts.users, accounts.keys, webhooks],
    )
    def test_every_text_of_a_command_for_the_database_is_normalized(self, group: typer.Typer):
        texts = [
            (name, hint)
            for command in group.registered_commands
            for name, hint in get_type_hints(command.callback, include_extras=True).items()
            if name not in NO_NAMES and _is_text(hint)
        ]
        assert texts
        assert [name for name, hint in texts if hint is str or not get_args(hint)[1].callback] == []

    def test_names_are_stored_in_nfc(self, live: Live):
        made = live.told("organizations", "create", NFD)
        slug = ("--organization", made["organization"])
        shown = {
            each["slug"]: each["name"]
            for each in live.told("organizations", "list")["organizations"]
        }
        assert shown[made["organization"]] == "René"
        assert live.told("sub-accounts", "create", NFD, *slug)["name"] == "René"
        live.told("keys", "create", "--name", NFD, "--role", "Viewer", *slug)
        assert live.told("keys", "list", *slug)["keys"][0]["name"] == "René"

    def test_a_member_is_found_by_any_form_of_the_address(self, live: Live, acme: Founded):
        slug = ("--organization", acme.organization)
        added = live.told(
            "users", "add", f"{NFD}@example.com", "--role", "Viewer", "--name", NFD, *slug
        )
        assert added["email"] == "rené@example.com"
        listed = live.told("users", "list", *slug)["users"]
        assert ("rené@example.com", "René") in {(each["email"], each["name"]) for each in listed}
        token = ("--name", "Token", "--user", f"{NFD}@EXAMPLE.COM")
        assert live.told("keys", "create", *token, *slug)["key"]
        live.told("users", "remove", f"{NFD}@example.com", *slug)
        left = [each["email"] for each in live.told("users", "list", *slug)["users"]]
        assert "rené@example.com" not in left


class TestTags:
    def test_a_tag_of_the_organization_is_used_in_any_spelling(
        self, live: Live, acme: Founded, tmp_path: Path
    ):
        address, headers = f"{live.url}/api/v1/tags/", bearer(acme.key)
        httpx2.post(address, json={"name": "René"}, headers=headers).raise_for_status()
        clip = make_clip(tmp_path / "clip.mp4", seconds=1)
        tags = ("--tag", NFD.upper(), "--tag", "Ｒené ", "--tag", "Rene")
        done = playout(
            *("publish", clip, "--draft", "--json", *tags),
            PLAYOUT_URL=live.url,
            PLAYOUT_KEY=acme.key,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["tag_names"] == ["René", "Rene"]
