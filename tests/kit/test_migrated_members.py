"""Names of persons move into memberships, and out of the ledger."""

import pytest
from sqlalchemy import text

from tests.kit.helpers.migrated import migrated_to

EARLIER_ROWS = (
    "INSERT INTO organizations (uid, name, slug, created_at)"
    " SELECT gen_random_uuid(), slug, slug, now() FROM unnest(ARRAY['a', 'b']) AS slug",
    "INSERT INTO users (email, username, full_name, is_verified, is_owner, created_at) VALUES"
    " ('ada@example.com', 'ada@example.com', 'Ada Lind', false, false, now()),"
    " ('gone@example.com', 'gone@example.com', 'Gone', false, true, now())",
    "INSERT INTO memberships (organization_id, user_id, role, created_at)"
    " SELECT organizations.id, 1, 'Viewer', now() FROM organizations",
    "INSERT INTO keys (kind, digest, hint, name, organization_id, user_id, settings, created_at,"
    " created_by) VALUES ('usr.v1', 'x', 'x', 'T', 1, 1, '{}', now(), 'Operator'),"
    " ('app.v1', 'y', 'y', 'K', 1, NULL, '{}', now(), 'Ada Lind')",
    "INSERT INTO tags (uid, organization_id, name, created_at, updated_at, created_by, updated_by)"
    " SELECT gen_random_uuid(), id, 'tag', now(), now(), 'Ada Lind', 'K' FROM organizations",
    "INSERT INTO ledger (at, event, organization_id, subject_type, subject_id, actor_kind,"
    " actor_id, actor_name, api, changes)"
    " VALUES (now(), 'member.added', 1, 'organization', 'uid', 'user', '1',"
    """ 'Ada Lind', 'videos', '{"Ada@example.com": [null, "Viewer"]}')""",
)


@pytest.fixture
def migrated(runtime):
    """A connection to a database that had rows when it was migrated."""
    with migrated_to(runtime, "0015", EARLIER_ROWS) as connection:
        yield connection


class TestMembers:
    def test_rows_name_their_authors_by_id_where_they_had_a_token(self, migrated):
        keys = migrated.scalars(text("SELECT created_by FROM keys ORDER BY id")).all()
        assert keys == ["Operator", "Member 1"]
        tags = text("SELECT created_by, updated_by FROM tags ORDER BY organization_id")
        assert migrated.execute(tags).all() == [("Member 1", "K"), ("Ada Lind", "K")]

    def test_every_organization_keeps_the_name_and_others_keep_none(self, migrated):
        names = migrated.scalars(text("SELECT full_name FROM memberships")).all()
        assert names == ["Ada Lind", "Ada Lind"]
        people = migrated.execute(text("SELECT email, is_owner FROM users ORDER BY id")).all()
        assert people == [("ada@example.com", False), ("user-2@users.invalid", False)]

    def test_the_ledger_names_members_by_id_and_stays_append_only(self, migrated):
        row = migrated.execute(text("SELECT * FROM ledger")).one()
        assert (row.subject_type, row.subject_id, row.actor_name) == ("member", "1", "Member 1")
        assert row.changes == {"role": [None, "Viewer"]}
        with pytest.raises(Exception, match="append-only"):
            migrated.execute(text("DELETE FROM ledger"))
