"""The numbers of videos, without counting: a list of a million videos must not read a million rows.

Triggers insert each change of a number as a row of its own, so that nobody who creates a video
waits for anybody else who does. A job replaces those rows by their sums from time to time. The sum
of all rows is exact at any time.
"""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Select,
    String,
    Table,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from playout.core.principal import Principal
from playout.core.unit import ReadUnit
from playout.kit.database.engine import Model
from playout.kit.database.statements import parameter

COUNTS = Table(
    "video_counts",
    Model.metadata,
    Column("organization_id", BigInteger, nullable=False),
    Column("project_id", BigInteger, nullable=False),
    Column("sub_account_id", BigInteger),
    Column("status", String(32), nullable=False),
    Column("visibility", String(32), nullable=False),
    Column("is_draft", Boolean, nullable=False),
    Column("videos", BigInteger, nullable=False),
    Index(None, "organization_id", "project_id"),
)
COUNTED = frozenset({"project_id", "status", "visibility", "is_draft"})
"""The columns of videos by which their number is known."""

COMPACT = text(
    "WITH gone AS (DELETE FROM video_counts RETURNING *)"
    " INSERT INTO video_counts"
    " (organization_id, project_id, sub_account_id, status, visibility, is_draft, videos)"
    " SELECT organization_id, project_id, sub_account_id, status, visibility, is_draft, sum(videos)"
    " FROM gone GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(videos) <> 0"
)


def number_of(principal: Principal, fields: Collection[str]) -> Select[int]:
    """Return the query of the number of videos within the reach of a principal.

    Each of the fields, of those in `COUNTED`, must have the value of a parameter of that name.
    """
    of = COUNTS.c
    conditions: list[ColumnElement[bool]] = [
        *principal.owned(of.organization_id, of.project_id, of.sub_account_id),
        *(of[name] == parameter(name, of[name].type) for name in sorted(fields)),
    ]
    return select(func.coalesce(func.sum(of.videos), 0).cast(BigInteger)).where(*conditions)


def count_videos(unit: ReadUnit, project_id: int | None = None) -> int:
    """Return the number of videos that the caller may see, in one project or in all."""
    fields = {} if project_id is None else {"project_id": project_id}
    return unit.session.scalar(number_of(unit.principal, fields), fields) or 0


def compact(session: Session) -> None:
    """Replace the rows of each group by their sum. Two processes may do so at once."""
    session.execute(COMPACT)
