"""Film templates, and the one that each channel of a project holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0025"

STATES = ("Testing", "Production", "Previous", "Archived")
CHANNELS = ("DEV", "STAGING", "PROD")


def upgrade() -> None:
    op.create_table(
        "film_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", _enum("state", STATES), nullable=False),
        sa.Column("manifest", postgresql.JSONB(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("assets", sa.JSON(), nullable=False),
        sa.Column("poster_key", sa.Text(), nullable=True),
        sa.Column("video_uid", sa.Uuid(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("film_templates", "organization_id", "organizations.id"),
        _foreign_key("film_templates", "project_id", "projects.id"),
        _foreign_key("film_templates", "video_uid", "videos.uid"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_film_templates")),
        sa.UniqueConstraint(
            "project_id", "version", name=op.f("uq_film_templates_project_id_version")
        ),
    )
    op.create_index(op.f("ix_film_templates_video_uid"), "film_templates", ["video_uid"])
    op.create_table(
        "film_template_channels",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", _enum("channel", CHANNELS), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("film_template_channels", "project_id", "projects.id"),
        _foreign_key("film_template_channels", "template_id", "film_templates.id"),
        sa.PrimaryKeyConstraint("project_id", "channel", name=op.f("pk_film_template_channels")),
    )
    op.create_index(
        op.f("ix_film_template_channels_template_id"), "film_template_channels", ["template_id"]
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
