"""Reading the ledger, each query confined to what the caller may see."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import Principal


def page(
    session: Session, principal: Principal, event: str | None, offset: int, limit: int
) -> tuple[list[Entry], int]:
    """A page of what happened, newest first, and how much there is; `event` is an exact type."""
    chosen = _visible(principal)
    if event is not None:
        chosen = chosen.where(Entry.event == event)
    count = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = session.scalars(chosen.order_by(Entry.id.desc()).offset(offset).limit(limit))
    return list(rows), count


def _visible(principal: Principal) -> Select[Entry]:
    query = select(Entry)
    if principal.role is Role.OWNER:
        return query
    query = query.where(Entry.organization_id == principal.organization_id)
    if principal.project_ids is not None:
        query = query.where(Entry.project_id.in_(principal.project_ids))
    if principal.sub_account_id is not None:
        query = query.where(Entry.sub_account_id == principal.sub_account_id)
    return query
