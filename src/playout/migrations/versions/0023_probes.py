"""The facts of sources, one file for MP4 and rendition, and renditions that come to an end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"

NUMBERS = sa.ARRAY(sa.Integer())
END_SUPERSEDED = """
    UPDATE renditions SET superseded_until = now() + interval '2 days'
    FROM assets
    WHERE assets.id = renditions.asset_id AND assets.ladder = 'ready' AND EXISTS (
        SELECT FROM renditions AS other
        WHERE other.asset_id = renditions.asset_id AND (
            (renditions.name = 'audio-copy' AND other.name = 'audio')
            OR (
                renditions.name = 'copy' AND other.kind = 'video' AND other.name <> 'copy'
                AND other.width * 1.02 >= renditions.width
            )
        )
    )
"""


def upgrade() -> None:
    op.add_column("assets", sa.Column("probe", JSONB(none_as_null=True), nullable=True))
    columns: tuple[sa.Column[object], ...] = (
        sa.Column("mp4", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_aligned", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("superseded_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head_start", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("segment_padding", NUMBERS, server_default="{}", nullable=False),
        sa.Column("key_sizes", NUMBERS, server_default="{}", nullable=False),
        sa.Column("key_bandwidth", sa.BigInteger(), nullable=True),
    )
    for column in columns:
        op.add_column("renditions", column)
    op.create_index(op.f("ix_renditions_superseded_until"), "renditions", ["superseded_until"])
    op.execute("UPDATE renditions SET is_aligned = false WHERE name = 'copy'")
    op.execute(END_SUPERSEDED)
