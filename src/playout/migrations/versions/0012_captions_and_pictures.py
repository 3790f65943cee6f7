"""Captions in their languages, and pictures of what plays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "captions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("cues", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f("fk_captions_video_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captions")),
        sa.UniqueConstraint("version", name=op.f("uq_captions_version")),
        sa.UniqueConstraint("video_id", "language", name=op.f("uq_captions_video_id_language")),
    )
    for column in (
        sa.Column(
            "caption_languages",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("poster_version", sa.Uuid(), nullable=True),
        sa.Column("poster_width", sa.BigInteger(), nullable=True),
        sa.Column("poster_height", sa.BigInteger(), nullable=True),
        sa.Column("poster_claim", sa.Uuid(), nullable=True),
    ):
        op.add_column("videos", column)
    op.add_column("assets", sa.Column("pictures_version", sa.Uuid(), nullable=True))
    op.add_column("assets", sa.Column("storyboard", postgresql.JSONB(), nullable=True))
    op.add_column(
        "assets", sa.Column("has_preview", sa.Boolean(), server_default="false", nullable=False)
    )
