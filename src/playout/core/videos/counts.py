"""How many videos there are, without counting them: a list of a million must not cost a million.

Triggers write down every change of a number as a row of its own, so that nobody who enters a video
waits for anybody else who does; now and then the rows are added up. What is read is exact.
"""

from sqlalchemy import BigInteger, Column, Index, Table, func, select, text
from sqlalchemy.orm import Session

from playout.core.permissions import Role
from playout.core.unit import ReadUnit
from playout.kit.db import Model

COUNTS = Table(
    "video_counts",
    Model.metadata,
    Column("organization_id", BigInteger, nullable=False),
    Column("project_id", BigInteger, nullable=False),
    Column("sub_account_id", BigInteger),
    Column("videos", BigInteger, nullable=False),
    Index(None, "organization_id", "project_id"),
)

ADD_UP = text(
    "WITH gone AS (DELETE FROM video_counts RETURNING *)"
    " INSERT INTO video_counts (organization_id, project_id, sub_account_id, videos)"
    " SELECT organization_id, project_id, sub_account_id, sum(videos) FROM gone"
    " GROUP BY 1, 2, 3 HAVING sum(videos) <> 0"
)


def of(unit: ReadUnit, project_id: int | None = None) -> int:
    """The number of videos that the caller may see, in one project or in all."""
    principal, columns = unit.principal, COUNTS.c
    query = select(func.sum(columns.videos))
    if principal.role is not Role.OWNER:
        query = query.where(columns.organization_id == principal.organization_id)
    if principal.project_ids is not None:
        query = query.where(columns.project_id.in_(principal.project_ids))
    if principal.sub_account_id is not None:
        query = query.where(columns.sub_account_id == principal.sub_account_id)
    if project_id is not None:
        query = query.where(columns.project_id == project_id)
    return int(unit.session.scalar(query) or 0)


def add_up(session: Session) -> None:
    """Make one row of the many there are for each project. Two at once do no harm."""
    session.execute(ADD_UP)
