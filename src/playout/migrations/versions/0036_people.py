"""People: passwords, links to join or to set a password, and what tells sessions apart."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

ROLES = ("Viewer", "Developer", "ProjectManager", "OrganizationAdmin", "Owner")


def upgrade() -> None:
    op.add_column("users", sa.Column("password_hash", sa.Text(), nullable=True))
    op.add_column("memberships", sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sessions", sa.Column("device", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "sessions",
        sa.Column("is_personal", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("sessions", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    )
    op.create_unique_constraint(op.f("uq_sessions_id"), "sessions", ["id"])
    op.create_index(op.f("ix_sessions_key_id"), "sessions", ["key_id"])
    op.create_table(
        "account_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _enum("linkkind", ("invitation", "password")), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", _enum("role", ROLES), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_account_links_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_links_digest")),
        sa.UniqueConstraint(
            "organization_id",
            "email",
            "kind",
            name=op.f("uq_account_links_organization_id_email_kind"),
        ),
    )


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
