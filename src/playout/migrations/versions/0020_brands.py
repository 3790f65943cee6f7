"""Brands of projects."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

FONTS = ("sans", "humanist", "geometric", "rounded", "serif", "slab")


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("accent", sa.Text(), nullable=False),
        sa.Column(
            "font",
            sa.Enum(*FONTS, name="font", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("home_url", sa.Text(), nullable=True),
        sa.Column("footer", sa.Text(), nullable=True),
        sa.Column("privacy_url", sa.Text(), nullable=True),
        sa.Column("imprint_url", sa.Text(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("shows_playout", sa.Boolean(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_fingerprint", sa.Text(), nullable=True),
        sa.Column("favicon", sa.LargeBinary(), nullable=True),
        sa.Column("favicon_fingerprint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_brands_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_brands")),
    )
