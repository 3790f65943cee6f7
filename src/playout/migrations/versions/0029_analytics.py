"""Analytics: events of the last days, counts of quarters and days, and the salt of a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"

TIME = sa.DateTime(timezone=True)
MEASURES = (
    *("views", "plays", "completes", "cta_clicks", "failures", "starts"),
    *("start_ms", "watched_ms", "waited_ms", "visitors"),
)


def upgrade() -> None:
    op.create_table(
        "analytics_events",
        sa.Column("at", TIME, nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("view", sa.BigInteger(), nullable=False),
        sa.Column("visitor", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "country", "device", "referrer", "site")
        ),
        sa.Column("rendition", sa.Text()),
        *(sa.Column(name, sa.Integer()) for name in ("from_ms", "to_ms", "ms")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(
        "ix_analytics_events_subjects", "analytics_events", ["subjects"], postgresql_using="gin"
    )
    op.create_table(
        "analytics_counts",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint(
            *("subject", "whole_day", "dimension", "at", "value"), name=op.f("pk_analytics_counts")
        ),
    )
    op.create_index("ix_analytics_counts_at", "analytics_counts", ["at"])
    op.create_table(
        "analytics_seconds",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        *(
            sa.Column(name, postgresql.ARRAY(sa.Integer()), nullable=False)
            for name in ("seconds", "viewers", "plays")
        ),
        sa.PrimaryKeyConstraint("subject", "whole_day", "at", name=op.f("pk_analytics_seconds")),
    )
    op.create_index("ix_analytics_seconds_at", "analytics_seconds", ["at"])
    op.create_table(
        "analytics_salts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_analytics_salts")),
    )
    for name in ("views", "plays", "recent_plays", "watch_seconds", "cta_clicks"):
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("videos", column)
    for of in ("organization_id", "project_id"):
        for name in ("plays", "recent_plays"):
            op.create_index(
                op.f(f"ix_videos_{of}_{name}_id"),
                "videos",
                [of, name, "id"],
                postgresql_where=sa.text("deleted_at IS NULL"),
            )
    op.create_table(
        "analytics_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_analytics_days")),
    )
