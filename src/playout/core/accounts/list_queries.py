"""Every query for lists that grow with an organization, a page at a time."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from playout.core.accounts.model import Key, Member, Membership, SubAccount, User
from playout.core.unit import ReadUnit


class Members(NamedTuple):
    """A page of members, and the number of all that were searched for."""

    page: Sequence[Member]
    total: int


def members(
    unit: ReadUnit, organization_id: int, search: str, after: int | None, limit: int
) -> Members:
    """Return members by name, from behind that user on, whose name or address contains a text."""
    wanted: list[ColumnElement[bool]] = [Membership.organization_id == organization_id]
    if search:
        named = (Membership.full_name, User.email)
        wanted.append(or_(*(each.icontains(search, autoescape=True) for each in named)))
    query = select(User, Membership).join(Membership, Membership.user_id == User.id)
    total = select(func.count()).select_from(Membership).join(User, User.id == Membership.user_id)
    number = unit.session.scalar(total.where(*wanted)) or 0
    last = unit.session.get(Membership, (organization_id, after)) if after else None
    if last is not None:
        place = tuple_(Membership.full_name, Membership.user_id)
        wanted.append(place > tuple_(last.full_name, last.user_id))
    rows = unit.session.execute(
        query.where(*wanted).order_by(Membership.full_name, Membership.user_id).limit(limit)
    )
    return Members([Member(*row) for row in rows], number)


def sub_accounts(
    unit: ReadUnit, organization_id: int, before: int | None, limit: int
) -> Sequence[SubAccount]:
    """Return sub-accounts, newest first."""
    query = select(SubAccount).where(SubAccount.organization_id == organization_id)
    if before is not None:
        query = query.where(SubAccount.id < before)
    return list(unit.session.scalars(query.order_by(SubAccount.id.desc()).limit(limit)))


def keys(
    unit: ReadUnit, organization_id: int, before: int | None, limit: int, *, revoked: bool
) -> Sequence[Key]:
    """Return keys and tokens, newest first: those that are revoked, or those that are not."""
    is_revoked = Key.revoked_at.is_not(None) if revoked else Key.revoked_at.is_(None)
    query = select(Key).where(Key.organization_id == organization_id, is_revoked)
    if before is not None:
        query = query.where(Key.id < before)
    return list(unit.session.scalars(query.order_by(Key.id.desc()).limit(limit)))
