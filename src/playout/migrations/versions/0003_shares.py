"""Shares, their slugs, render credentials."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def channel() -> sa.Enum:
    return sa.Enum(
        "DEV",
        "STAGING",
        "PROD",
        name="channel",
        native_enum=False,
        create_constraint=True,
        length=32,
    )


def upgrade() -> None:
    op.create_table(
        "render_credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("api_key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_render_credentials_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_render_credentials_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_render_credentials")),
        sa.UniqueConstraint("api_key", name=op.f("uq_render_credentials_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_render_credentials_digest")),
    )
    op.create_index(
        op.f("ix_render_credentials_project_id_id"), "render_credentials", ["project_id", "id"]
    )
    op.create_table(
        "share_slugs",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", channel(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_share_slugs_project_id")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_share_slugs")),
    )
    op.create_table(
        "shares",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", channel(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("public_title", sa.Text(), nullable=False),
        sa.Column("public_subtitle", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("cta_label", sa.Text(), nullable=True),
        sa.Column("cta_url", sa.Text(), nullable=True),
        sa.Column("personalization_data", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("video_uid", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_by", sa.Text(), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_shares_project_id")),
        sa.ForeignKeyConstraint(["slug"], ["share_slugs.slug"], name=op.f("fk_shares_slug")),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["render_credentials.id"], name=op.f("fk_shares_credential_id")
        ),
        sa.ForeignKeyConstraint(["video_uid"], ["videos.uid"], name=op.f("fk_shares_video_uid")),
        sa.PrimaryKeyConstraint("project_id", "channel", name=op.f("pk_shares")),
        sa.UniqueConstraint("slug", name=op.f("uq_shares_slug")),
    )
    op.create_index(op.f("ix_shares_credential_id"), "shares", ["credential_id"])
