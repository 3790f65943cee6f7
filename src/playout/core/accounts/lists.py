"""Lists that grow with an organization, a page at a time: members, sub-accounts and keys."""

from collections.abc import Sequence

from playout.core.accounts import list_queries as queries
from playout.core.accounts.list_queries import Members
from playout.core.accounts.model import Key, SubAccount
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit


def members(
    unit: ReadUnit, organization_id: int, search: str, after: int | None, limit: int
) -> Members:
    """Return members by name, from behind that user on, whose name or address contains a text."""
    unit.principal.require(Permission.MEMBERS_WRITE)
    return queries.members(unit, organization_id, search, after, limit)


def sub_accounts(
    unit: ReadUnit, organization_id: int, before: int | None, limit: int
) -> Sequence[SubAccount]:
    """Return sub-accounts, newest first."""
    unit.principal.require(Permission.SUB_ACCOUNTS_WRITE)
    return queries.sub_accounts(unit, organization_id, before, limit)


def keys(
    unit: ReadUnit, organization_id: int, before: int | None, limit: int, *, revoked: bool
) -> Sequence[Key]:
    """Return keys and tokens, newest first: those that are revoked, or those that are not."""
    unit.principal.require(Permission.KEYS_WRITE)
    return queries.keys(unit, organization_id, before, limit, revoked=revoked)
