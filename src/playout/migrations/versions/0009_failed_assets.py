"""The asset of a video that failed, so that it can be retried."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("videos", sa.Column("failed_asset_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_videos_failed_asset_id"), "videos", "assets", ["failed_asset_id"], ["id"]
    )
