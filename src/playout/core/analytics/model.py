"""The tables of analytics. None of them contains an address, a user agent or a name.

A subject is what events belong to, as text: `video:17`, `project:3`, `share:3:PROD`, `link:9`.
"""

from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from playout.kit.database.engine import Model

BUCKET = timedelta(minutes=15)
"""The shortest time that counts are kept for: every time zone differs from UTC by a multiple."""

EVENTS = Table(
    "analytics_events",
    Model.metadata,
    Column("at", DateTime(timezone=True), nullable=False),
    Column("subjects", ARRAY(Text), nullable=False),
    Column("view", BigInteger, nullable=False),
    Column("visitor", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("referrer", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("rendition", Text),
    Column("from_ms", Integer),
    Column("to_ms", Integer),
    Column("ms", Integer),
    Index("ix_analytics_events_subjects", "subjects", postgresql_using="gin"),
    postgresql_partition_by="RANGE (at)",
)
"""The events of viewers, in one partition for each day (UTC).

`view` is one loaded page, and `visitor` the hash of a visitor of that day. `kind` is one of
`events.Kind`. A watched interval goes from `from_ms` to `to_ms`; `ms` is how long a start or a
wait took.
"""

MEASURES = (
    *("views", "plays", "completes", "cta_clicks", "failures", "starts"),
    *("start_ms", "watched_ms", "waited_ms", "visitors"),
)
"""The numbers that are counted, each of which may be added up."""

COUNTS = Table(
    "analytics_counts",
    Model.metadata,
    Column("subject", Text, nullable=False),
    Column("whole_day", Boolean, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("value", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in MEASURES),
    PrimaryKeyConstraint("subject", "whole_day", "dimension", "at", "value"),
    Index("ix_analytics_counts_at", "at"),
)
"""The counts of days that are over, once by quarter of an hour and once by whole day (UTC).

Everything that happens on a loaded page counts in the quarter in which the page sent its first
event. `dimension` is "" for all pages, or one of `counting.DIMENSIONS`, and `value` what the pages
have in it.
"""

SECONDS = Table(
    "analytics_seconds",
    Model.metadata,
    Column("subject", Text, nullable=False),
    Column("whole_day", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("seconds", ARRAY(Integer), nullable=False),
    Column("viewers", ARRAY(Integer), nullable=False),
    Column("plays", ARRAY(Integer), nullable=False),
    PrimaryKeyConstraint("subject", "whole_day", "at"),
    Index("ix_analytics_seconds_at", "at"),
)
"""The retention of days that are over, as changes: at each of the `seconds` of a video, how many
views more (or fewer) see it than the second before, and how often more it is played."""

SALTS = Table(
    "analytics_salts",
    Model.metadata,
    Column("day", Date, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
)
"""The salt of today's visitor hashes. It is deleted when its day (UTC) is over."""

REPORTED_VIEWS = Table(
    "analytics_reported_views",
    Model.metadata,
    Column("day", Date, nullable=False),
    Column("view", BigInteger, nullable=False),
    Column("watched_ms", Integer, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    PrimaryKeyConstraint("day", "view"),
)
"""The views of today that other servers reported, each with what was counted of it. They are
deleted when their day (UTC) is over."""

ROLLED_DAYS = Table("analytics_days", Model.metadata, Column("day", Date, primary_key=True))
"""The days that `analytics_counts` contains. The events of other days are counted when asked."""
