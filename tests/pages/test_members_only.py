"""Who may watch a published video, by its visibility: the page, and the file that it plays."""

import secrets
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.accounts.sessions import open_session
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.pages.viewers import COOKIE
from playout.runtime import Runtime
from tests.helpers.tenants import Tenant, bearer, found_tenant
from tests.pages.helpers.reader import Page
from tests.pages.helpers.stored_video import BYTES, store

SEES = {
    "public": {
        *("nobody", "other organization", "viewer", "other project", "owner", "administrator"),
        *("sub-account", "its sub-account", "revoked", "API key"),
    },
    "org": {"viewer", "other project", "owner", "administrator", "its sub-account", "API key"},
    "team": {"viewer", "owner", "administrator", "its sub-account", "API key"},
    "private": {"owner", "administrator", "its sub-account"},
}
"""Who may watch a video of each visibility. The API key has the role Viewer; the video of
`its sub-account` belongs to that sub-account."""


@dataclass(frozen=True)
class House:
    """An organization, its members, and the videos that they published."""

    tenant: Tenant
    secrets: dict[str, str]
    sessions: dict[str, str]
    slugs: dict[str, dict[str, object]]

    def get(self, web: TestClient, slug: str, who: str, by: str = "bearer"):
        """Return the watch page, for one of the members."""
        secret = self.secrets[who]
        if by == "cookie":
            cookie = self.sessions.get(who, secret)
            return web.get(f"/v/{slug}", headers={"Cookie": f"{COOKIE}={cookie}"})
        return web.get(f"/v/{slug}", headers=bearer(secret) if secret else {})


def token(tenant: Tenant, role: Role, **more) -> tuple[int, str]:
    """Return the id and the text of the token of a new member."""
    email = f"{secrets.token_hex(8)}@example.com"
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        user = accounts.add_member(unit, tenant.organization, email, "Ada Lind", role)
        key, secret = accounts.create_key(
            unit, tenant.runtime.signer, tenant.organization, "Token", user=user, **more
        )
    return key.id, secret


def bring_out(web, tenant: Tenant, key: str, visibility: str, file) -> str:
    """Publish a video whose file is stored; return its slug."""
    body = {
        "title": f"For {visibility} {secrets.token_hex(4)}",
        "workspace": tenant.project_id,
        "visibility": visibility,
    }
    made = web.post("/api/v1/videos/", json=body, headers=bearer(key)).json()
    store(tenant.runtime, UUID(made["uid"]), file)
    out = web.post(f"/api/v1/videos/{made['id']}/publish/", headers=tenant.headers)
    assert out.status_code == 200, out.text
    return out.json()["custom_url"].rpartition("/")[2]


def source(page: str) -> str:
    found = Page(page).film()
    return unescape(found["src"] or "")


def revoke(runtime: Runtime, key_id: int) -> None:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        accounts.revoke_key(unit, key_id)


@pytest.fixture(scope="module")
def house(web, runtime, tmp_path_factory) -> House:
    tenant = found_tenant(runtime)
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        other = projects.create(unit, tenant.organization, "Elsewhere")
    revoked_id, revoked = token(tenant, Role.VIEWER)
    _, owner = token(tenant, Role.DEVELOPER)
    its_sub_account = tenant.sub_account_key()
    people = {
        "nobody": "",
        "other organization": token(found_tenant(runtime), Role.ORGANIZATION_ADMIN)[1],
        "viewer": token(tenant, Role.VIEWER)[1],
        "other project": token(tenant, Role.VIEWER, project_ids=[other.id])[1],
        "owner": owner,
        "administrator": token(tenant, Role.ORGANIZATION_ADMIN)[1],
        "sub-account": tenant.sub_account_key(),
        "its sub-account": its_sub_account,
        "revoked": revoked,
        "API key": tenant.keys[Role.VIEWER],
    }
    sessions = {}
    for who, secret in people.items():
        if secret.startswith("usr."):
            with runtime.work.write(runtime.credentials.resolve(secret), Origin("tests")) as unit:
                sessions[who] = open_session(unit, runtime.signer)
    file = tmp_path_factory.mktemp("stored") / "file"
    slugs = {
        whose: {each: bring_out(web, tenant, key, each, file) for each in SEES}
        for whose, key in (("owner", owner), ("its sub-account", its_sub_account))
    }
    revoke(runtime, revoked_id)
    return House(tenant, people, sessions, slugs)


class TestWhoMayWatch:
    @pytest.mark.parametrize("by", ["bearer", "cookie"])
    @pytest.mark.parametrize("who", sorted(SEES["public"]))
    @pytest.mark.parametrize("visibility", SEES)
    def test_page_and_file(self, web, house, visibility, who, by):
        slug = house.slugs["its sub-account" if who == "its sub-account" else "owner"][visibility]
        answer = house.get(web, slug, who, by)
        # Only a user token can sign in.
        is_sent = by == "bearer" or house.secrets[who].startswith("usr.")
        if visibility == "public":
            assert answer.status_code == 200
            # A page that names who is signed in is for that member alone.
            is_named = by == "cookie" and who in house.sessions and who != "revoked"
            kept = "private, no-store" if is_named else "no-cache"
            assert answer.headers["cache-control"] == kept
        elif who in SEES[visibility] and is_sent:
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-store"
            assert answer.headers["vary"] == "Cookie, Authorization"
            assert Page(answer.text).meta("robots") == ["noindex"]
            file = web.get(source(answer.text))
            assert (file.status_code, file.content) == (200, BYTES)
            assert file.headers["cache-control"] == "private, no-store"
        else:
            unknown = web.get("/v/never-was")
            assert (answer.status_code, answer.content) == (404, unknown.content)
            assert answer.headers["cache-control"] == unknown.headers["cache-control"]
            assert answer.headers["vary"] == unknown.headers["vary"] == "Accept, Accept-Encoding"

    def test_only_public_videos_are_in_the_feed_for_every_viewer(self, web, house):
        for who in house.secrets:
            feed = web.get("/", headers=bearer(house.secrets[who])).text
            slugs = house.slugs["owner"]
            assert [each for each in SEES if f"/v/{slugs[each]}" in feed] == ["public"]

    def test_a_page_for_a_member_is_not_cached_for_the_public(self, web, house):
        slug = house.slugs["owner"]["org"]
        for _ in range(2):
            assert house.get(web, slug, "viewer").status_code == 200
            assert house.get(web, slug, "nobody").status_code == 404

    def test_a_render_credential_or_junk_counts_as_the_public(self, web, house):
        slug = house.slugs["owner"]["org"]
        for secret in ("", "usr.v1.x", "pk_x:sk_y", "ü" * 50, house.secrets["viewer"] + "x"):
            headers = {"Authorization": f"Bearer {secret}".encode()}
            assert web.get(f"/v/{slug}", headers=headers).status_code == 404


class TestFile:
    @pytest.fixture
    def seen(self, web, house) -> str:
        return source(house.get(web, house.slugs["owner"]["team"], "viewer").text)

    def test_an_address_without_a_grant_is_not_found(self, web, seen):
        assert web.get(seen.partition("?")[0]).status_code == 404

    def test_a_grant_with_another_key_is_not_found(self, web, house, seen):
        other = source(house.get(web, house.slugs["owner"]["team"], "administrator").text)
        grant, _, key = seen.rpartition("~")
        assert key != other.rpartition("~")[2]
        for forged in (f"{grant}~{other.rpartition('~')[2]}", f"{grant}~", grant, f"{seen}~1"):
            assert web.get(forged).status_code == 404
        assert web.get(seen).status_code == 200


class TestRevocation:
    """The page and the file are no longer available at once."""

    @pytest.fixture
    def member(self, house) -> tuple[int, str]:
        return token(house.tenant, Role.ORGANIZATION_ADMIN)

    @pytest.fixture
    def slug(self, web, house, member, tmp_path) -> str:
        return bring_out(web, house.tenant, house.tenant.key, "private", tmp_path / "file")

    def statuses(self, web, slug, secret, file) -> tuple[int, int]:
        return (
            web.get(f"/v/{slug}", headers=bearer(secret)).status_code,
            web.get(file).status_code,
        )

    @pytest.fixture
    def file(self, web, slug, member) -> str:
        return source(web.get(f"/v/{slug}", headers=bearer(member[1])).text)

    def test_when_the_token_is_revoked(self, web, runtime, slug, member, file):
        assert self.statuses(web, slug, member[1], file) == (200, 200)
        revoke(runtime, member[0])
        assert self.statuses(web, slug, member[1], file) == (404, 404)

    def test_when_the_member_is_removed(self, web, runtime, house, slug, member, file):
        assert self.statuses(web, slug, member[1], file) == (200, 200)
        email = self.email(runtime, member[1])
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.remove_member(unit, house.tenant.organization, email)
        assert self.statuses(web, slug, member[1], file) == (404, 404)

    def test_when_the_role_changes(self, web, runtime, house, slug, member, file):
        assert self.statuses(web, slug, member[1], file) == (200, 200)
        email = self.email(runtime, member[1])
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.add_member(unit, house.tenant.organization, email, "", Role.DEVELOPER)
        assert self.statuses(web, slug, member[1], file) == (404, 404)

    def test_when_the_video_is_unpublished(self, web, house, slug, member, file):
        assert self.statuses(web, slug, member[1], file) == (200, 200)
        found = web.get("/api/v1/videos/?ordering=-id", headers=house.tenant.headers).json()
        path = f"/api/v1/videos/{found['results'][0]['id']}/publish/"
        assert web.delete(path, headers=house.tenant.headers).status_code == 204
        assert self.statuses(web, slug, member[1], file) == (404, 404)

    def email(self, runtime, secret: str) -> str:
        principal = runtime.credentials.resolve(secret)
        member = principal.organization_id, principal.user_id
        with runtime.work.read(OPERATOR) as unit:
            return accounts.queries.members_by_id(unit, {member})[member].user.email
