"""Webhooks: endpoints, messages, deliveries, attempts; what the APIs call what an entry is about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

STATES = ("enabled", "paused", "disabled")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _moment(name: str, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    set_by = sa.text(default) if default else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=set_by)


def _organization(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id"], ["organizations.id"], name=op.f(f"fk_{table}_organization_id")
    )


def upgrade() -> None:
    op.add_column(
        "ledger", sa.Column("names", postgresql.JSONB(), server_default="{}", nullable=False)
    )
    _turns()
    _endpoints()
    _messages()
    _deliveries()
    _attempts()


def _turns() -> None:
    """Check existing activations once, and record those that have started or ended."""
    standing = _one_of("activationstatus", "scheduled", "live", "ended")
    op.add_column(
        "activations",
        sa.Column("announced", standing, server_default="scheduled", nullable=False),
    )
    op.add_column("activations", _moment("turns_at", nullable=True))
    op.create_index(op.f("ix_activations_turns_at"), "activations", ["turns_at"])
    op.execute("UPDATE activations SET turns_at = now()")


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("project_ids", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("state", _one_of("endpointstate", *STATES), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        _moment("previous_until", nullable=True),
        _moment("failing_since", nullable=True),
        _moment("quiet_until", nullable=True),
        _moment("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        _moment("updated_at"),
        _organization("webhook_endpoints"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(
        op.f("ix_webhook_endpoints_organization_id_id"),
        "webhook_endpoints",
        ["organization_id", "id"],
    )


def _messages() -> None:
    op.create_table(
        "webhook_messages",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        _moment("at"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _organization("webhook_messages"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_webhook_messages")),
    )
    op.create_index(
        op.f("ix_webhook_messages_organization_id_type"),
        "webhook_messages",
        ["organization_id", "type"],
    )
    op.create_index(op.f("ix_webhook_messages_at"), "webhook_messages", ["at"])


def _deliveries() -> None:
    table = "webhook_deliveries"
    states = _one_of("deliverystate", "pending", "delivered", "failed")
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("state", states, server_default="pending", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        _moment("next_at", default="now()"),
        sa.Column("claim", sa.Uuid(), nullable=True),
        _moment("created_at", default="now()"),
        _moment("delivered_at", nullable=True),
        _organization(table),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["webhook_messages.event_id"],
            name=op.f(f"fk_{table}_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name=op.f(f"fk_{table}_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "event_id", "endpoint_id", name=op.f(f"uq_{table}_event_id_endpoint_id")
        ),
    )
    op.create_index(op.f(f"ix_{table}_organization_id_id"), table, ["organization_id", "id"])
    op.create_index(op.f(f"ix_{table}_endpoint_id_id"), table, ["endpoint_id", "id"])
    op.create_index(
        f"ix_{table}_due",
        table,
        ["endpoint_id", "next_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )


def _attempts() -> None:
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
    )
    op.create_index(
        op.f("ix_webhook_attempts_delivery_id_id"), "webhook_attempts", ["delivery_id", "id"]
    )
