"""Links that work once: invitations to an organization, and links that set a password."""

from datetime import timedelta

from playout.core.accounts import identity_queries, people, queries
from playout.core.accounts import people_queries as people_rows
from playout.core.accounts.model import (
    AccountLink,
    LinkKind,
    Member,
    Membership,
    Organization,
    User,
)
from playout.core.accounts.service import add_member, check_email, check_organization
from playout.core.accounts.sessions import end_all_of
from playout.core.ledger.model import Subject
from playout.core.permissions import Permission, Role
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit import signing
from playout.kit.errors import Conflict, Forbidden, NotFound, require_found
from playout.kit.signing import Signer

PREFIX = "lnk.v1"
PURPOSE = "account-link"
LIFETIMES = {LinkKind.INVITATION: timedelta(days=7), LinkKind.PASSWORD: timedelta(days=1)}
"""The time in which a link of each kind has to be used."""
CLOSED = "This link opens nothing: it was used, it has expired, or another one replaced it."
HAS_ACCOUNT = (
    "There is an account with this e-mail address already. Sign in with it, then open this link"
    " again."
)


def invite(
    unit: WriteUnit, signer: Signer, organization: Organization, email: str, role: Role
) -> str:
    """Invite a person to an organization. Return the code of the link, which is not stored.

    A second invitation replaces the first one. Raise `Conflict` for a member.
    """
    unit.principal.require(Permission.MEMBERS_WRITE)
    check_organization(unit, organization)
    check_email(email)
    if role is Role.OWNER:
        unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    if queries.member_by_email(unit, organization.id, email) is not None:
        raise Conflict("This person is a member already.")
    link, code = _create(unit, signer, organization, email, role)
    unit.record("invitation.created", _subject(link), {"role": [None, role]})
    return code


def withdraw(unit: WriteUnit, organization: Organization, link_id: int) -> None:
    """Withdraw an invitation: its link opens nothing any more. Raise `NotFound`."""
    unit.principal.require(Permission.MEMBERS_WRITE)
    check_organization(unit, organization)
    found = [each for each in people_rows.invitations(unit, organization.id) if each.id == link_id]
    if not found:
        raise NotFound("There is no such invitation.")
    unit.record("invitation.withdrawn", _subject(found[0]))
    unit.session.delete(found[0])


def make_password_link(
    unit: WriteUnit, signer: Signer, organization: Organization, user_id: int
) -> tuple[Member, str]:
    """Return a member, and the code of a link with which the member sets a password.

    The password that the member has goes on until then. Raise `Forbidden` for a person of whom
    this organization is only one, unless an Owner asks.
    """
    unit.principal.require(Permission.MEMBERS_WRITE)
    check_organization(unit, organization)
    membership = require_found(queries.membership(unit, organization.id, user_id), "member")
    user = require_found(unit.session.get(User, user_id), "member")
    if not unit.principal.may(Permission.ORGANIZATIONS_WRITE):
        if user.is_owner:
            raise Forbidden("Only an Owner may do this for an Owner.")
        people_rows.lock_user(unit, user_id)  # nobody joins another organization meanwhile
        people.check_only_here(unit, user)
    _, code = _create(unit, signer, organization, user.email)
    unit.record("member.password_link_created", membership.subject)
    return Member(user, membership), code


def find(unit: ReadUnit, signer: Signer, code: str) -> tuple[AccountLink, Organization]:
    """Return the link of a code, with its organization, and change nothing. Raise `NotFound`."""
    link = people_rows.link(unit, signer.digest(PURPOSE, code)) if _is_code(code) else None
    if link is None:
        raise NotFound(CLOSED)
    return link, _organization(unit, link)


def join(unit: WriteUnit, signer: Signer, code: str, full_name: str, password: str) -> User:
    """Make a new person a member, with a name and a password. The link is used up.

    Raise `Conflict` if the person has an account: nobody but that account can accept.
    """
    link = _take(unit, signer, code, LinkKind.INVITATION)
    # Locked, so that of two invitations of one person the second finds what the first one did.
    known = queries.insert_user(unit, link.email)
    if known.password_hash or people_rows.is_elsewhere(unit, known.id, link.organization_id):
        raise Conflict(HAS_ACCOUNT)
    user = _accept(unit, link, full_name)
    people.set_password(user, password)
    return user


def join_as(unit: WriteUnit, signer: Signer, code: str, user: User) -> User:
    """Make a person who is signed in a member, under the name that the person has elsewhere.

    Raise `Forbidden` if somebody else was invited.
    """
    link = _take(unit, signer, code, LinkKind.INVITATION)
    if link.email != user.email:
        raise Forbidden("Somebody else was invited: sign out, and sign in as that person.")
    names = [each.membership.full_name for each in people_rows.joined(unit, user.id)]
    return _accept(unit, link, next(filter(None, names), ""))


def use_password_link(unit: WriteUnit, signer: Signer, code: str, password: str) -> User:
    """Set the password of a member. The link is used up.

    All sessions of the person end, and all passkeys and linked identities go: somebody else may
    have added one.
    """
    link = _take(unit, signer, code, LinkKind.PASSWORD)
    found = queries.member_for_update(unit, link.organization_id, link.email)
    if found is None:
        raise NotFound(CLOSED)
    user, membership = found
    people.set_password(user, password)
    people.join(unit, membership)
    end_all_of(unit, user.id)
    people_rows.delete_passkeys(unit, user.id)
    identity_queries.delete_identities(unit, user.id)
    unit.record("member.password_changed", membership.subject)
    unit.session.delete(link)
    queries.delete_links(unit, link.email, LinkKind.PASSWORD)
    return user


def _accept(unit: WriteUnit, link: AccountLink, full_name: str) -> User:
    organization = _organization(unit, link)
    member = _membership(unit, organization, queries.insert_user(unit, link.email))
    # Whoever became a member meanwhile has a role that somebody gave later.
    role = member.role if member else link.role or Role.VIEWER
    user = add_member(unit, organization, link.email, full_name, role)
    people.join(unit, require_found(_membership(unit, organization, user), "member"))
    unit.session.delete(link)
    return user


def _membership(unit: ReadUnit, organization: Organization, user: User) -> Membership | None:
    return queries.membership(unit, organization.id, user.id)


def _create(
    unit: WriteUnit,
    signer: Signer,
    organization: Organization,
    email: str,
    role: Role | None = None,
) -> tuple[AccountLink, str]:
    """Create an invitation, or without a role a link that sets a password."""
    kind = LinkKind.INVITATION if role else LinkKind.PASSWORD
    code = signing.mint(PREFIX)
    queries.lock_organization(unit, organization.id)
    people_rows.delete_former_links(unit, organization.id, email.lower(), kind)
    link = AccountLink(
        digest=signer.digest(PURPOSE, code),
        organization_id=organization.id,
        kind=kind,
        email=email.lower(),
        role=role,
        created_by=unit.principal.name,
        created_at=unit.now,
        expires_at=unit.now + LIFETIMES[kind],
    )
    unit.session.add(link)
    unit.session.flush()
    return link, code


def _take(unit: WriteUnit, signer: Signer, code: str, kind: LinkKind) -> AccountLink:
    link = people_rows.take_link(unit, signer.digest(PURPOSE, code)) if _is_code(code) else None
    if link is None or link.kind is not kind:
        raise NotFound(CLOSED)
    return link


def _organization(unit: ReadUnit, link: AccountLink) -> Organization:
    return queries.organizations_by_id(unit, {link.organization_id})[link.organization_id]


def _is_code(code: str) -> bool:
    return code.startswith(f"{PREFIX}.") and signing.is_well_formed(code)


def _subject(link: AccountLink) -> Subject:
    """The invitation as the ledger names it: not by the address of a person."""
    return Subject("invitation", str(link.id), link.organization_id)
