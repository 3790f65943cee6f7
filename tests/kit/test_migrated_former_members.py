"""Former Owners and former members lose what an earlier version let them keep."""

import pytest
from sqlalchemy import text

from tests.kit.helpers.migrated import migrated_to

EARLIER_ROWS = (
    "INSERT INTO organizations (uid, name, slug, created_at)"
    " SELECT gen_random_uuid(), slug, slug, now() FROM unnest(ARRAY['a', 'b']) AS slug",
    "INSERT INTO users (id, email, username, is_verified, is_owner, created_at)"
    " OVERRIDING SYSTEM VALUE"
    " SELECT id, id || '@example.com', id::text, false, true, now() FROM generate_series(1, 3) id",
    "INSERT INTO memberships (organization_id, user_id, role, created_at)"
    " VALUES (1, 1, 'Owner', now()), (2, 1, 'Viewer', now()), (1, 2, 'Viewer', now())",
    "INSERT INTO keys (kind, digest, hint, name, organization_id, user_id, settings, created_at,"
    " created_by, revoked_at) SELECT kind, digest::bytea, 'x', 'T', organization, person, '{}',"
    " now(), 'Operator', revoked FROM (VALUES ('usr.v1', 'a', 1, 1, NULL),"
    " ('usr.v1', 'b', 2, 1, NULL), ('usr.v1', 'c', 2, 2, NULL), ('usr.v1', 'd', 1, 3, NULL),"
    " ('app.v1', 'e', 1, NULL, NULL), ('usr.v1', 'f', 1, 3, '2020-01-01T00:00:00Z'::timestamptz))"
    " AS them (kind, digest, organization, person, revoked)",
)


@pytest.fixture
def migrated(runtime):
    """A connection to a database that had rows when it was migrated."""
    with migrated_to(runtime, "0021", EARLIER_ROWS) as connection:
        yield connection


class TestFormerMembers:
    def test_only_those_with_the_role_in_some_organization_stay_owners(self, migrated):
        owners = migrated.scalars(text("SELECT id FROM users WHERE is_owner")).all()
        assert owners == [1]

    def test_only_tokens_of_former_members_are_revoked(self, migrated):
        keys = "SELECT convert_from(digest, 'UTF8') FROM keys WHERE revoked_at >"
        revoked = migrated.scalars(text(f"{keys} '2021-01-01' ORDER BY 1")).all()
        assert revoked == ["c", "d"]
        before = migrated.scalars(text(f"{keys} '2019-01-01' ORDER BY 1")).all()
        assert before == ["c", "d", "f"]
