"""Renders: bases of film templates, films of single viewers, and segments rendered for them."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0030"

STATES = ("waiting", "ready", "failed")
CHANNELS = ("DEV", "STAGING", "PROD")


def upgrade() -> None:
    op.create_table(
        "film_bases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("state", _enum("basestate", STATES), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("layout", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folder", sa.Text(), nullable=True),
        _foreign_key("film_bases", "template_id", "film_templates.id"),
        _foreign_key("film_bases", "asset_id", "assets.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_film_bases")),
        sa.UniqueConstraint(
            "template_id", "asset_id", name=op.f("uq_film_bases_template_id_asset_id")
        ),
    )
    op.create_index(op.f("ix_film_bases_asset_id"), "film_bases", ["asset_id"])
    _create_renders()
    op.create_table(
        "rendered_segments",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("rendered_segments", "organization_id", "organizations.id"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rendered_segments")),
    )
    op.create_table(
        "rendered_segment_uses",
        sa.Column("film", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("rendered_segment_uses", "digest", "rendered_segments.digest"),
        sa.PrimaryKeyConstraint("film", "digest", name=op.f("pk_rendered_segment_uses")),
    )
    op.create_index(op.f("ix_rendered_segment_uses_digest"), "rendered_segment_uses", ["digest"])


def _create_renders() -> None:
    op.create_table(
        "renders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", _enum("channel", CHANNELS), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("renders", "organization_id", "organizations.id"),
        _foreign_key("renders", "project_id", "projects.id"),
        _foreign_key("renders", "base_id", "film_bases.id"),
        _foreign_key("renders", "credential_id", "render_credentials.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renders")),
        sa.UniqueConstraint("slug", name=op.f("uq_renders_slug")),
    )
    for column in ("expires_at", "project_id", "base_id"):
        op.create_index(op.f(f"ix_renders_{column}"), "renders", [column])


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
