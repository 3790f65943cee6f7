"""The transaction that wrote a row of the ledger, so that the ledger can be followed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # A default that holds for the whole statement is not written into the rows that are there:
    # they are all of this transaction, in the order of their ids, and the table is not rewritten.
    op.add_column(
        "ledger",
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("((pg_current_xact_id())::text)::bigint"),
            nullable=False,
        ),
    )
    op.create_index(
        op.f("ix_ledger_organization_id_xid_id"), "ledger", ["organization_id", "xid", "id"]
    )
    op.create_index(op.f("ix_ledger_xid"), "ledger", ["xid"], postgresql_using="brin")
    op.drop_index(op.f("ix_ledger_organization_id_id"), "ledger")
