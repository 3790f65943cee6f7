"""Names and pictures of members, by organization; sessions of members who are signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

# The ledger is append-only, and must not keep names and addresses of persons: only their ids.
OPEN = "ALTER TABLE ledger DISABLE TRIGGER ledger_is_append_only"
CLOSE = "ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only"
NAME_ACTORS_BY_ID = """
    UPDATE ledger SET actor_name = 'Member ' || actor_id WHERE actor_kind = 'user'
"""
NAME_MEMBERS_BY_ID = """
    UPDATE ledger SET
        subject_type = 'member',
        subject_id = coalesce((
            SELECT users.id::text FROM users, jsonb_object_keys(ledger.changes) AS address
            WHERE users.email = lower(address) LIMIT 1
        ), ''),
        changes = coalesce((
            SELECT jsonb_build_object('role', pair) FROM jsonb_each(ledger.changes) AS of (key, pair)
            LIMIT 1
        ), '{}')
    WHERE event IN ('member.added', 'member.removed') AND subject_type = 'organization'
"""
# A person can only be the author of rows of an organization in which they have had a token. Where a
# key has the same name, nobody knows who the author was.
NAME_AUTHORS_BY_ID = """
    UPDATE {table} SET {column} = 'Member ' || users.id
    FROM users JOIN keys ON keys.user_id = users.id
    WHERE keys.organization_id = {organization}
        AND {table}.{column} IN (nullif(users.full_name, ''), users.email)
        AND NOT EXISTS (
            SELECT FROM keys AS other WHERE other.organization_id = keys.organization_id
            AND other.user_id IS NULL AND other.name = {table}.{column}
        )
"""
NAME_AUTHORS_OF_KEYS_BY_ID = """
    UPDATE keys AS made SET created_by = 'Member ' || users.id
    FROM users JOIN keys AS held ON held.user_id = users.id
    WHERE held.organization_id = made.organization_id
        AND made.created_by IN (nullif(users.full_name, ''), users.email)
        AND NOT EXISTS (
            SELECT FROM keys AS other WHERE other.organization_id = made.organization_id
            AND other.user_id IS NULL AND other.name = made.created_by
        )
"""
OF_VIDEO = "(SELECT organization_id FROM videos WHERE videos.id = sections.video_id)"
OF_PROJECT = "(SELECT organization_id FROM projects WHERE projects.id = shares.project_id)"
AUTHORS = (
    ("videos", ("created_by", "updated_by", "deleted_by"), "videos.organization_id"),
    ("sections", ("created_by", "updated_by", "deleted_by"), OF_VIDEO),
    ("shares", ("disabled_by", "restored_by"), OF_PROJECT),
    *(
        (table, ("created_by", "updated_by"), f"{table}.organization_id")
        for table in ("templates", "categories", "subcategories", "tags")
    ),
    *(
        (table, ("created_by",), f"{table}.organization_id")
        for table in ("render_credentials", "webhook_endpoints")
    ),
)
MOVE_NAMES = """
    UPDATE memberships SET full_name = users.full_name, profile_picture = users.profile_picture
    FROM users WHERE users.id = memberships.user_id
"""
FORGET_FORMER_MEMBERS = """
    UPDATE users SET
        email = 'user-' || id || '@users.invalid', username = 'user-' || id, is_owner = false
    WHERE NOT EXISTS (SELECT FROM memberships WHERE memberships.user_id = users.id)
"""


def upgrade() -> None:
    op.add_column(
        "memberships", sa.Column("full_name", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("memberships", sa.Column("profile_picture", sa.Text(), nullable=True))
    for table, columns, organization in AUTHORS:
        for column in columns:
            op.execute(
                NAME_AUTHORS_BY_ID.format(table=table, column=column, organization=organization)
            )
    for statement in (
        NAME_AUTHORS_OF_KEYS_BY_ID,
        MOVE_NAMES,
        OPEN,
        NAME_ACTORS_BY_ID,
        NAME_MEMBERS_BY_ID,
        CLOSE,
        FORGET_FORMER_MEMBERS,
    ):
        op.execute(statement)
    op.drop_column("users", "full_name")
    op.drop_column("users", "profile_picture")
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["keys.id"], name=op.f("fk_sessions_key_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
