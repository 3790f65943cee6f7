"""Lists that grow with an organization, a page at a time: members, sub-accounts and keys."""

from collections.abc import Collection, Mapping, Sequence

from playout.core.accounts import list_queries as queries
from playout.core.accounts.list_queries import Members
from playout.core.accounts.model import Key, SubAccount
from playout.core.accounts.queries import members_by_id
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


def names(unit: ReadUnit, user_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of members of the principal's organization, for its people, by their ids.

    Rows and events have ids alone. Who may see members gets the address of one without a name;
    others, and programs that may not see members, do not. Former members are left out.
    """
    principal = unit.principal
    may_see = principal.may(Permission.MEMBERS_WRITE)
    if principal.organization_id is None or not (may_see or principal.user_id is not None):
        return {}
    found = members_by_id(unit, {(principal.organization_id, each) for each in user_ids})
    named = {
        user.id: membership.full_name or (user.email if may_see else "")
        for user, membership in found.values()
    }
    return {id: name for id, name in named.items() if name}
