"""The number of videos, without counting them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COUNTING = """
INSERT INTO video_counts (organization_id, project_id, sub_account_id, videos)
    SELECT organization_id, project_id, sub_account_id, count(*) FROM videos
    WHERE deleted_at IS NULL GROUP BY 1, 2, 3;

CREATE FUNCTION count_entered_videos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO video_counts (organization_id, project_id, sub_account_id, videos)
        SELECT organization_id, project_id, sub_account_id, count(*) FROM entered
        WHERE deleted_at IS NULL GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
CREATE TRIGGER count_entered AFTER INSERT ON videos REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION count_entered_videos();

CREATE FUNCTION count_moved_video() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO video_counts (organization_id, project_id, sub_account_id, videos)
        SELECT OLD.organization_id, OLD.project_id, OLD.sub_account_id, -1
            WHERE OLD.deleted_at IS NULL
        UNION ALL
        SELECT NEW.organization_id, NEW.project_id, NEW.sub_account_id, 1
            WHERE NEW.deleted_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER count_moved AFTER UPDATE OF deleted_at, organization_id, project_id, sub_account_id
    ON videos FOR EACH ROW
    WHEN ((OLD.deleted_at IS NULL, OLD.organization_id, OLD.project_id, OLD.sub_account_id)
        IS DISTINCT FROM
        (NEW.deleted_at IS NULL, NEW.organization_id, NEW.project_id, NEW.sub_account_id))
    EXECUTE FUNCTION count_moved_video();
"""


def upgrade() -> None:
    op.create_table(
        "video_counts",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("sub_account_id", sa.BigInteger(), nullable=True),
        sa.Column("videos", sa.BigInteger(), nullable=False),
    )
    op.create_index(
        op.f("ix_video_counts_organization_id_project_id"),
        "video_counts",
        ["organization_id", "project_id"],
    )
    op.execute(COUNTING)
