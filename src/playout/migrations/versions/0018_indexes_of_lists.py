"""Indexes for every order and filter of a list, and counts by what is filtered by most."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

COUNTING = """
INSERT INTO video_counts
    (organization_id, project_id, sub_account_id, status, visibility, is_draft, videos)
    SELECT organization_id, project_id, sub_account_id, status, visibility, is_draft, count(*)
    FROM videos WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;

CREATE OR REPLACE FUNCTION count_entered_videos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO video_counts
        (organization_id, project_id, sub_account_id, status, visibility, is_draft, videos)
        SELECT organization_id, project_id, sub_account_id, status, visibility, is_draft, count(*)
        FROM entered WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_moved_video() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO video_counts
        (organization_id, project_id, sub_account_id, status, visibility, is_draft, videos)
        SELECT OLD.organization_id, OLD.project_id, OLD.sub_account_id, OLD.status, OLD.visibility,
            OLD.is_draft, -1
            WHERE OLD.deleted_at IS NULL
        UNION ALL
        SELECT NEW.organization_id, NEW.project_id, NEW.sub_account_id, NEW.status, NEW.visibility,
            NEW.is_draft, 1
            WHERE NEW.deleted_at IS NULL;
    RETURN NULL;
END $$;
DROP TRIGGER count_moved ON videos;
CREATE TRIGGER count_moved AFTER UPDATE OF deleted_at, organization_id, project_id, sub_account_id,
    status, visibility, is_draft ON videos FOR EACH ROW
    WHEN ((OLD.deleted_at IS NULL, OLD.organization_id, OLD.project_id, OLD.sub_account_id,
            OLD.status, OLD.visibility, OLD.is_draft)
        IS DISTINCT FROM
        (NEW.deleted_at IS NULL, NEW.organization_id, NEW.project_id, NEW.sub_account_id,
            NEW.status, NEW.visibility, NEW.is_draft))
    EXECUTE FUNCTION count_moved_video();
"""

PUBLIC = """
UPDATE publications SET is_public = true FROM videos
    WHERE videos.id = publications.video_id AND videos.visibility = 'public'
    AND NOT videos.is_draft AND videos.deleted_at IS NULL;

CREATE FUNCTION publication_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT visibility = 'public' AND NOT is_draft AND deleted_at IS NULL INTO NEW.is_public
        FROM videos WHERE id = NEW.video_id;
    RETURN NEW;
END $$;
CREATE TRIGGER is_public BEFORE INSERT ON publications
    FOR EACH ROW EXECUTE FUNCTION publication_is_public();

CREATE FUNCTION video_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE publications
        SET is_public = NEW.visibility = 'public' AND NOT NEW.is_draft AND NEW.deleted_at IS NULL
        WHERE video_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER is_public AFTER UPDATE OF visibility, is_draft, deleted_at ON videos FOR EACH ROW
    WHEN ((OLD.visibility, OLD.is_draft, OLD.deleted_at IS NULL)
        IS DISTINCT FROM (NEW.visibility, NEW.is_draft, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION video_is_public();
"""

ORDERS = ("created_at", "updated_at", "title", "status")
FILTERS = (
    *("visibility", "is_draft", "owner_id", "language"),
    *("category_id", "subcategory_id", "sub_account_id"),
)


def upgrade() -> None:
    _count_by_more()
    _mark_public()
    present = sa.text("deleted_at IS NULL")
    columns: list[tuple[str, ...]] = [
        *(("organization_id", name, "id") for name in (*ORDERS, *FILTERS)),
        *(("project_id", name, "id") for name in ("created_at", "updated_at", "title")),
    ]
    for names in columns:
        op.create_index(
            op.f(f"ix_videos_{'_'.join(names)}"), "videos", list(names), postgresql_where=present
        )
    op.create_index(op.f("ix_videos_tag_ids"), "videos", ["tag_ids"], postgresql_using="gin")
    events: list[tuple[str, ...]] = [
        ("organization_id", "event", "xid", "id"),
        ("organization_id", "subject_type", "xid", "id"),
        ("organization_id", "actor_kind", "actor_id", "xid", "id"),
        ("project_id", "xid", "id"),
        ("organization_id", "at"),
        ("subject_type", "subject_id", "xid", "id"),
    ]
    for names in events:
        op.create_index(op.f(f"ix_ledger_{'_'.join(names)}"), "ledger", list(names))


def _count_by_more() -> None:
    op.execute("LOCK TABLE videos IN SHARE ROW EXCLUSIVE MODE")
    op.execute("TRUNCATE video_counts")
    op.add_column("video_counts", sa.Column("status", sa.String(32), nullable=False))
    op.add_column("video_counts", sa.Column("visibility", sa.String(32), nullable=False))
    op.add_column("video_counts", sa.Column("is_draft", sa.Boolean(), nullable=False))
    op.execute(COUNTING)


def _mark_public() -> None:
    op.add_column(
        "publications",
        sa.Column("is_public", sa.Boolean(), server_default="false", nullable=False),
    )
    op.execute(PUBLIC)
    op.drop_index(op.f("ix_publications_feed"), "publications")
    op.create_index(
        op.f("ix_publications_feed"),
        "publications",
        ["created_at", "id"],
        postgresql_where=sa.text("is_public"),
    )
