"""Slugs that are released, and their order."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "slugs",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    )
    op.add_column(
        "slugs",
        sa.Column("is_released", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    # The current slugs come last, as if they had been given now.
    op.execute("UPDATE slugs SET position = DEFAULT WHERE slug IN (SELECT slug FROM publications)")
    op.execute(
        "UPDATE slugs SET is_released = true"
        " WHERE video_id NOT IN (SELECT video_id FROM publications)"
    )
    op.execute(
        "DELETE FROM slugs USING"
        " (SELECT slug, row_number() OVER (PARTITION BY video_id ORDER BY position DESC) AS age"
        " FROM slugs) AS aged"
        " WHERE slugs.slug = aged.slug AND age > 11"
    )
