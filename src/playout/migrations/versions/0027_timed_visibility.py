"""Changes at a time, passwords of videos and of landing pages, and videos without downloads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0025"

PUBLIC = """
CREATE OR REPLACE FUNCTION publication_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT visibility = 'public' AND NOT is_draft AND deleted_at IS NULL AND password_hash IS NULL
        INTO NEW.is_public FROM videos WHERE id = NEW.video_id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION video_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE publications
        SET is_public = NEW.visibility = 'public' AND NOT NEW.is_draft AND NEW.deleted_at IS NULL
            AND NEW.password_hash IS NULL
        WHERE video_id = NEW.id;
    RETURN NULL;
END $$;
DROP TRIGGER is_public ON videos;
CREATE TRIGGER is_public AFTER UPDATE OF visibility, is_draft, deleted_at, password_hash ON videos
    FOR EACH ROW WHEN (
        (OLD.visibility, OLD.is_draft, OLD.deleted_at IS NULL, OLD.password_hash IS NULL)
        IS DISTINCT FROM
        (NEW.visibility, NEW.is_draft, NEW.deleted_at IS NULL, NEW.password_hash IS NULL)
    )
    EXECUTE FUNCTION video_is_public();
"""
DUE = sa.text("deleted_at IS NULL AND turns_at IS NOT NULL")


def upgrade() -> None:
    for name in ("publish_at", "unpublish_at", "turns_at"):
        op.add_column("videos", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "videos", sa.Column("visibility_at", JSONB(), server_default="[]", nullable=False)
    )
    op.add_column(
        "videos", sa.Column("downloads", sa.Boolean(), server_default="true", nullable=False)
    )
    op.add_column("videos", sa.Column("password_hash", sa.Text(), nullable=True))
    op.execute(PUBLIC)
    op.add_column("shares", sa.Column("password_hash", sa.Text(), nullable=True))
    for name in ("publish_at", "expires_at", "turns_at"):
        op.add_column("shares", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_shares_turns_at",
        "shares",
        ["turns_at"],
        postgresql_where=sa.text("turns_at IS NOT NULL"),
    )
    op.create_index("ix_videos_turns_at", "videos", ["turns_at"], postgresql_where=DUE)
    # A thread of each process does what this periodic job did.
    op.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'activations.tell'")
