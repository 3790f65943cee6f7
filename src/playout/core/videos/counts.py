"""The numbers of videos, without counting: a list of a million videos must not read a million rows.

Triggers insert each change of a number as a row of its own, so that nobody who creates a video
waits for anybody else who does. A job replaces those rows by their sums from time to time. The sum
of all rows is exact at any time.
"""

from sqlalchemy import BigInteger, Column, Index, Table, func, select, text
from sqlalchemy.orm import Session

from playout.core.unit import ReadUnit
from playout.kit.database.engine import Model

COUNTS = Table(
    "video_counts",
    Model.metadata,
    Column("organization_id", BigInteger, nullable=False),
    Column("project_id", BigInteger, nullable=False),
    Column("sub_account_id", BigInteger),
    Column("videos", BigInteger, nullable=False),
    Index(None, "organization_id", "project_id"),
)

COMPACT = text(
    "WITH gone AS (DELETE FROM video_counts RETURNING *)"
    " INSERT INTO video_counts (organization_id, project_id, sub_account_id, videos)"
    " SELECT organization_id, project_id, sub_account_id, sum(videos) FROM gone"
    " GROUP BY 1, 2, 3 HAVING sum(videos) <> 0"
)


def count_videos(unit: ReadUnit, project_id: int | None = None) -> int:
    """Return the number of videos that the caller may see, in one project or in all."""
    of = COUNTS.c
    query = select(func.sum(of.videos)).where(
        *unit.principal.owned(of.organization_id, of.project_id, of.sub_account_id)
    )
    if project_id is not None:
        query = query.where(of.project_id == project_id)
    return int(unit.session.scalar(query) or 0)


def compact(session: Session) -> None:
    """Replace the rows of each project by their sum. Two processes may do so at once."""
    session.execute(COMPACT)
