"""Recipients: people with a link of their own to a share, and the imports they came with."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

CHANNELS = ("DEV", "STAGING", "PROD")


def upgrade() -> None:
    op.create_table(
        "recipient_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_share_columns(),
        sa.Column("resume_key", sa.LargeBinary(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        _of_share("recipient_imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient_imports")),
        sa.UniqueConstraint("resume_key", name=op.f("uq_recipient_imports_resume_key")),
    )
    _create_index("recipient_imports", "project_id", "channel", "id")
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_share_columns(),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("views", sa.BigInteger(), nullable=False),
        _of_share("recipients"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("code", name=op.f("uq_recipients_code")),
    )
    _create_index("recipients", "project_id", "channel", "id")
    _create_index("recipients", "import_id", "id")
    _create_index("recipients", "expires_at")


def _share_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                *CHANNELS, name="channel", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
    )


def _of_share(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["project_id", "channel"],
        ["shares.project_id", "shares.channel"],
        name=op.f(f"fk_{table}_share"),
    )


def _create_index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])
