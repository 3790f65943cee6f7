"""A credential proves who the principal is, until it is revoked."""

import pytest
from sqlalchemy import text

from playout.core.accounts import service as accounts
from playout.core.accounts.credentials import Credentials
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit import signing
from playout.kit.errors import Unauthenticated
from playout.kit.invalidation import Invalidations
from tests.core.helpers.tools import until
from tests.helpers.statements import recorded_statements

USED = text("SELECT last_used_at FROM keys WHERE id = :id")
ROW = text("SELECT * FROM keys WHERE id = :id")
LEAVE = text("DELETE FROM memberships WHERE user_id = :id")


@pytest.fixture
def make_key(runtime, tenant):
    """Makes an API key, or the token of a member who has that role from now on."""

    def make(member: Role | None = None, role: Role = Role.VIEWER, **wanted):
        organization = tenant.organization
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            if member is not None:
                email = f"{organization.slug}@example.com"
                wanted["user"] = accounts.add_member(unit, organization, email, "A. P.", member)
            return accounts.create_key(
                unit, runtime.signer, organization, "Key", role=role, **wanted
            )

    return make


class TestResolve:
    def test_an_api_key_acts_with_its_role_in_its_projects(self, runtime, tenant, make_key):
        key, secret = make_key(role=Role.DEVELOPER, project_ids=[tenant.project_id])
        principal = runtime.credentials.resolve(secret)
        assert (principal.kind, principal.id) == ("key", str(key.id))
        assert principal.role is Role.DEVELOPER
        assert principal.organization_id == tenant.organization.id
        assert principal.project_ids == {tenant.project_id}

    def test_a_sub_accounts_key_acts_as_its_project_manager(self, runtime, tenant):
        principal = runtime.credentials.resolve(tenant.sub_account_key())
        assert (principal.kind, principal.role) == ("sub_account", Role.PROJECT_MANAGER)
        assert principal.sub_account_id is not None

    def test_a_valid_checksum_alone_is_refused(self, runtime):
        with pytest.raises(Unauthenticated):
            runtime.credentials.resolve(signing.mint("app.v1"))

    def test_junk_is_refused_without_asking_the_database(self, runtime):
        with recorded_statements(runtime) as statements:
            for junk in ("", "x", "app.v1.x", "pk_x", signing.mint("foo.v1")):
                with pytest.raises(Unauthenticated):
                    runtime.credentials.resolve(junk)
        assert statements == []

    def test_only_a_keyed_hash_is_stored(self, runtime, make_key):
        key, secret = make_key()
        with runtime.database.read_session() as session:
            row = str(
                session.execute(text("SELECT * FROM keys WHERE id = :id"), {"id": key.id}).one()
            )
        assert secret not in row
        assert secret.rpartition(".")[2] not in row

    def test_a_revoked_key_is_refused_at_once_here_and_within_a_second_elsewhere(
        self, runtime, make_key
    ):
        invalidations = Invalidations(runtime.database.url)
        invalidations.start()
        elsewhere = Credentials(runtime.database, invalidations, runtime.signer)
        try:
            until(lambda: invalidations.connected)
            key, secret = make_key()
            assert runtime.credentials.resolve(secret) == elsewhere.resolve(secret)
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                accounts.revoke_key(unit, key.id)
            with pytest.raises(Unauthenticated):
                runtime.credentials.resolve(secret)
            until(lambda: refused(elsewhere, secret), 1.0)
        finally:
            invalidations.stop()


class TestLoadById:
    def test_it_is_the_principal_of_the_key_itself(self, runtime, make_key):
        key, secret = make_key(member=Role.DEVELOPER)
        credentials = runtime.credentials
        assert credentials.load_by_id(key.id) == credentials.resolve(secret)
        # A commit of another test at that moment keeps it out of memory.
        until(lambda: credentials.load_by_id(key.id) == credentials.cached_by_id(key.id))

    def test_it_is_refused_with_the_key_here_at_once_and_within_a_second_elsewhere(
        self, runtime, make_key
    ):
        invalidations = Invalidations(runtime.database.url)
        invalidations.start()
        elsewhere = Credentials(runtime.database, invalidations, runtime.signer)
        try:
            until(lambda: invalidations.connected)
            key, _ = make_key(member=Role.VIEWER)
            runtime.credentials.load_by_id(key.id)
            elsewhere.load_by_id(key.id)
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                accounts.revoke_key(unit, key.id)
            for credentials in (runtime.credentials, elsewhere):
                until(lambda each=credentials: each.cached_by_id(key.id) is None, 1.0)
                with pytest.raises(Unauthenticated):
                    credentials.load_by_id(key.id)
        finally:
            invalidations.stop()


class TestUserTokens:
    def test_a_token_follows_the_role_of_its_member_at_once(self, runtime, make_key):
        _, secret = make_key(member=Role.VIEWER)
        assert runtime.credentials.resolve(secret).role is Role.VIEWER
        make_key(member=Role.ORGANIZATION_ADMIN)
        assert runtime.credentials.resolve(secret).role is Role.ORGANIZATION_ADMIN
        make_key(member=Role.DEVELOPER)
        assert runtime.credentials.resolve(secret).role is Role.DEVELOPER

    def test_a_new_owner_is_one_in_every_organization_at_once(
        self, runtime, tenant, other_tenant, make_key
    ):
        _, secret = make_key(member=Role.VIEWER)
        assert runtime.credentials.resolve(secret).role is Role.VIEWER
        email = f"{tenant.organization.slug}@example.com"
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.add_member(unit, other_tenant.organization, email, "A. P.", Role.OWNER)
        assert runtime.credentials.resolve(secret).role is Role.OWNER

    def test_the_token_of_a_former_member_is_refused(self, runtime, make_key):
        key, secret = make_key(member=Role.VIEWER)
        with runtime.database.write_session() as session:
            session.execute(
                text("DELETE FROM memberships WHERE user_id = :id"), {"id": key.user_id}
            )
        with pytest.raises(Unauthenticated, match="no longer a member"):
            runtime.credentials.resolve(secret)


class TestLastUsed:
    def test_many_requests_cause_hardly_any_writes(self, web, runtime, tenant, make_key):
        _, secret = make_key()
        headers = {"Authorization": f"Bearer {secret}"}
        web.get("/api/v1/workspaces/", headers=headers)
        runtime.credentials.flush_uses()
        with recorded_statements(runtime) as statements:
            for _ in range(20):
                web.get("/api/v1/workspaces/", headers=headers)
            runtime.credentials.flush_uses()
        # One is of this test; another may be of the thread that does it from time to time.
        assert len([each for each in statements if each.text.startswith("UPDATE keys")]) in {1, 2}

    def test_the_time_of_use_is_written_and_only_increases(self, runtime, make_key):
        key, secret = make_key()
        assert used_at(runtime, key) is None
        runtime.credentials.resolve(secret)
        runtime.credentials.flush_uses()
        first = used_at(runtime, key)
        runtime.credentials.resolve(secret)
        runtime.credentials.flush_uses()
        assert used_at(runtime, key) > first


def used_at(runtime, key):
    with runtime.database.read_session() as session:
        return session.scalar(USED, {"id": key.id})


def refused(credentials: Credentials, secret: str) -> bool:
    try:
        credentials.resolve(secret)
    except Unauthenticated:
        return True
    return False
