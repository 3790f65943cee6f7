"""Sign-in by a provider of OpenID Connect: whose account an identity opens, and with which role.

The subject of a provider opens the account that it is linked to, and no other. An address links one
only if the provider has verified it, and nobody has signed in to that account in another way: that
person signs in as before, and links the identity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from playout.core.accounts import identity_queries as queries
from playout.core.accounts import people, people_queries, service
from playout.core.accounts import queries as rows
from playout.core.accounts.model import LinkedIdentity, Membership, Organization, User
from playout.core.accounts.people import own_user
from playout.core.accounts.sessions import NO_ORGANIZATION, end_all_by, is_personal
from playout.core.ledger.model import Subject
from playout.core.permissions import ORDER, Role
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict, Forbidden, NotFound, Unavailable, require_found
from playout.kit.openid.model import Identity, Registration
from playout.kit.signing import Signer
from playout.kit.text import normalize
from playout.settings import Settings

CALLBACK = "/sign-in/openid/callback"
UNVERIFIED = (
    "The sign-in service does not say that your e-mail address is yours: ask whoever runs it."
)
HAS_ACCOUNT = (
    "There is an account with this e-mail address already. Sign in to it as before, then link the"
    " sign-in service in “Your account”."
)


@dataclass(frozen=True, slots=True)
class Rules:
    """The choices of the operator: whom the provider lets in, and with which role."""

    organization: str | None
    creates_members: bool
    role_claim: str | None
    roles: Mapping[str, Role]
    default_role: Role | None
    trusts_emails: bool

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        default = settings.oidc_default_role
        return cls(
            settings.oidc_organization,
            settings.oidc_create,
            settings.oidc_role_claim,
            {said: Role(name) for said, name in settings.oidc_roles},
            Role(default) if default else None,
            settings.oidc_trust_email,
        )

    def role_of(self, identity: Identity) -> Role | None:
        """Return the highest role that the claim says; None if it says none."""
        said = identity.values(self.role_claim) if self.role_claim else frozenset()
        roles = [role for value, role in self.roles.items() if value in said]
        return max(roles, key=ORDER.index) if roles else None

    def email_of(self, identity: Identity) -> str | None:
        """Return the address that is certainly that of the person; None if none is."""
        is_sure = identity.has_verified_email or self.trusts_emails
        email = identity.text("email")
        # The sign of Kelvin in small letters is a k: the address would be that of somebody else.
        is_plain = email == normalize(email)
        return email.lower() or None if is_sure and is_plain else None


class Entry(NamedTuple):
    """Somebody who may enter, and by which identity."""

    user: User
    identity: LinkedIdentity


def registration(settings: Settings) -> Registration | None:
    """Return what this installation is to its provider; None if it has none."""
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret
    return Registration(
        settings.oidc_issuer,
        settings.oidc_client_id or "",
        secret.get_secret_value() if secret else None,
        settings.oidc_scopes,
        f"{settings.base_url}{CALLBACK}",
    )


def enter(unit: WriteUnit, rules: Rules, who: Identity) -> Entry | None:
    """Return the person who signed in at the provider, whose role follows the claim from now on.

    None means that the provider has taken the role away: commit, since a membership has ended.
    Raise `Forbidden` for somebody who may not come in.
    """
    organization = provided_organization(unit, rules)
    identity = queries.identity(unit, who.issuer, who.subject)
    if identity is None:
        identity = _link_by_email(unit, rules, organization, who)
    identity.last_used_at = unit.now
    user = people_queries.lock_user(unit, identity.user_id)
    if user is None:
        raise Forbidden(NO_ORGANIZATION)
    removed = _follow_claim(unit, rules, organization, user, who)
    if not people_queries.joined(unit, user.id):
        if removed:
            return None
        raise Forbidden(NO_ORGANIZATION)
    return Entry(user, identity)


def link(unit: WriteUnit, user: User, who: Identity, organization_id: int | None) -> None:
    """Link an identity to the account of a person who is signed in to that organization.

    Doing it again changes nothing.

    Raise `Conflict` for the identity of another account.
    """
    identity = queries.identity(unit, who.issuer, who.subject)
    if identity is None:
        people_queries.lock_user(unit, user.id)
        _add(unit, user, who, organization_id)
    elif identity.user_id != user.id:
        raise Conflict("This identity is linked to another account here: remove it there first.")


def remove(unit: WriteUnit, signer: Signer, cookie: str, identity_id: int) -> None:
    """Remove an identity of the caller, which opens nothing any more; its sessions end.

    Raise `NotFound`, and `Forbidden` for somebody who has a token only.
    """
    user = own_user(unit)
    if not is_personal(unit, signer, cookie):
        raise Forbidden("Sign in yourself to remove it: you came with a token.")
    people_queries.lock_user(unit, user.id)  # no session by it begins meanwhile
    found = [each for each in queries.identities(unit, user.id) if each.id == identity_id]
    if not found:
        raise NotFound("There is no such identity.")
    end_all_by(unit, found[0])
    unit.session.flush()
    unit.session.delete(found[0])
    unit.record("member.identity_removed", _subject(user, unit.principal.organization_id))


def provided_organization(unit: ReadUnit, rules: Rules) -> Organization:
    """Return the organization that people join by the provider. Raise `Unavailable` if it is not
    clear which one."""
    if rules.organization is not None:
        found = rows.organization_by_slug(unit, rules.organization)
        candidates = [found] if found else []
    else:
        candidates = rows.organizations(unit, 2)
    if len(candidates) != 1:
        raise Unavailable("PLAYOUT_OIDC_ORGANIZATION must name an organization that is there.")
    return candidates[0]


def _link_by_email(
    unit: WriteUnit, rules: Rules, organization: Organization, who: Identity
) -> LinkedIdentity:
    """Link an identity that nobody has seen before to the account of its address."""
    email = rules.email_of(who)
    if email is None:
        raise Forbidden(UNVERIFIED)
    service.check_email(email)
    is_known = people_queries.user_by_email(unit, email) is not None
    is_invited = queries.invitation(unit, organization.id, email) is not None
    has_role = (rules.role_of(who) or rules.default_role) is not None
    if not (is_known or is_invited or (rules.creates_members and has_role)):
        raise Forbidden(NO_ORGANIZATION)
    user = rows.insert_user(unit, email)
    meanwhile = queries.identity(unit, who.issuer, who.subject)
    if meanwhile is not None:
        return meanwhile
    if _is_taken(unit, rules, user):
        raise Forbidden(HAS_ACCOUNT)
    user.is_verified = user.is_verified or who.has_verified_email
    return _add(unit, user, who, organization.id)


def _is_taken(unit: ReadUnit, rules: Rules, user: User) -> bool:
    """Return whether somebody signs in to an account in another way.

    An identity is one: a provider may give the address of somebody who has left to somebody else.
    """
    if queries.identities(unit, user.id):
        return True
    has_own = user.password_hash is not None or bool(people_queries.passkeys(unit, user.id))
    return has_own and not rules.trusts_emails


def _follow_claim(
    unit: WriteUnit, rules: Rules, organization: Organization, user: User, who: Identity
) -> bool:
    """Give a person the role that the claim says. Return whether it has taken the last one away.

    The last Owner stays one, whatever it says: nobody could give that role back.
    """
    member = rows.membership(unit, organization.id, user.id)
    invited = None if member else _invited_role(unit, rules, organization, user, who)
    role, by_claim = _role_and_source(rules, member, rules.role_of(who), invited)
    if member is not None and member.role is Role.OWNER and rows.count_owners(unit) == 1:
        role = Role.OWNER
    if role is None:
        if member is not None:
            service.remove_member(unit, organization, user.email)
        return member is not None
    if member is None or member.role is not role:
        service.add_member(unit, organization, user.email, _name(who), role)
        member = rows.membership(unit, organization.id, user.id)
    member = require_found(member, "member")
    member.role_by_claim = by_claim
    people.join(unit, member)
    return False


def _role_and_source(
    rules: Rules, member: Membership | None, claimed: Role | None, invited: Role | None
) -> tuple[Role | None, bool]:
    """Return the role that a person is to have, and whether the claim says it.

    A role that somebody here has given stays while the claim says nothing.
    """
    if member is None and invited is None and not rules.creates_members:
        return None, False
    if claimed is not None:
        return claimed, True
    given = member.role if member else invited
    if given is not None and not _is_by_claim(rules, member):
        return given, False
    return rules.default_role, rules.role_claim is not None


def _is_by_claim(rules: Rules, member: Membership | None) -> bool:
    """Return whether the role of a member came by the claim, and the claim is still asked."""
    return member is not None and member.role_by_claim and rules.role_claim is not None


def _invited_role(
    unit: WriteUnit, rules: Rules, organization: Organization, user: User, who: Identity
) -> Role | None:
    """Return the role of an open invitation of that person, which is used up."""
    if rules.email_of(who) != user.email:
        return None
    invitation = queries.invitation(unit, organization.id, user.email)
    if invitation is None:
        return None
    unit.session.delete(invitation)
    return invitation.role


def _add(unit: WriteUnit, user: User, who: Identity, organization_id: int | None) -> LinkedIdentity:
    identity = LinkedIdentity(
        user_id=user.id, issuer=who.issuer, subject=who.subject, created_at=unit.now
    )
    unit.session.add(identity)
    unit.session.flush()
    unit.record("member.identity_linked", _subject(user, organization_id))
    return identity


def _subject(user: User, organization_id: int | None) -> Subject:
    return Subject("member", str(user.id), organization_id)


def _name(who: Identity) -> str:
    """Return the name of a person as it is stored; "" for one that cannot be."""
    name = " ".join(who.text("name").split())
    return name if len(name) <= service.NAME_LENGTH and name.isprintable() else ""
