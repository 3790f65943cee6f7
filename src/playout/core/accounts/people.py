"""People who sign in with a password of their own, and what may set it.

A person has one password for all organizations. An administrator of one of them may set it only for
a person who is in no other.
"""

import secrets
from functools import cache

from playout.core.accounts import people_queries as queries
from playout.core.accounts.model import Membership, User
from playout.core.accounts.queries import tokens
from playout.core.principal import Principal
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Forbidden, Invalid
from playout.kit.passwords import PASSWORD_LENGTH, hash_password, verify_password

LANGUAGES = ("en", "de")
"""The languages of the console and of mails. The first is that of the source."""
SHORTEST_PASSWORD = 10
"""Characters that a member's password has at least. Rules about signs make none safer."""


def by_password(unit: ReadUnit, email: str, password: str) -> User | None:
    """Return the person with that address and password; None if there is none.

    It takes as long in both cases, so that its time does not tell whether the address is known.
    """
    user = queries.user_by_email(unit, email)
    hashed = user.password_hash if user else None
    is_right = verify_password(hashed or _decoy(), password)
    return user if hashed and is_right else None


def check_password(password: str, email: str) -> None:
    """Raise `Invalid` for a password that a member may not have."""
    problem = ""
    if len(password) < SHORTEST_PASSWORD:
        problem = f"It needs {SHORTEST_PASSWORD} characters or more."
    elif len(password) > PASSWORD_LENGTH:
        problem = f"It may have {PASSWORD_LENGTH} characters at the most."
    elif password.lower() in {email, email.partition("@")[0]} or len(set(password)) < 4:
        problem = "Somebody could guess it."
    if problem:
        raise Invalid(f"password: {problem}", {"password": problem})


def set_password(user: User, password: str) -> None:
    """Give a person a password. The sessions that the person has go on."""
    check_password(password, user.email)
    user.password_hash = hash_password(password)


def change_password(unit: WriteUnit, old: str, new: str) -> User:
    """Change the caller's password. A caller without one sets the first; `old` is ignored then.

    Raise `Invalid` if `old` is wrong. The first one needs a person who is in no other organization:
    the caller may be somebody who has a token of that person for this organization.
    """
    user = own_user(unit)
    if user.password_hash is None:
        check_only_here(unit, user)
    elif not verify_password(user.password_hash, old):
        raise Invalid("This is not your password.", {"old": "This is not your password."})
    set_password(user, new)
    unit.record("member.password_changed", _membership(unit, user).subject)
    return user


def choose_language(unit: WriteUnit, language: str) -> None:
    """Keep the language in which the console speaks to the caller; "" is that of the browser."""
    if language not in {"", *LANGUAGES}:
        raise Invalid("language: Choose one.", {"language": "Choose one."})
    user = own_user(unit)
    user.language = language or None
    unit.invalidate(*tokens(unit, user))


def own_user(unit: ReadUnit, principal: Principal | None = None) -> User:
    """Return the person who calls, or who that principal is. Raise `Forbidden` for a program."""
    user_id = (principal or unit.principal).user_id
    user = unit.session.get(User, user_id) if user_id else None
    if user is None:
        raise Forbidden("Only a member may do this, and no key.")
    return user


def check_only_here(unit: ReadUnit, user: User) -> None:
    """Raise `Forbidden` if a person is a member of another organization, too."""
    if queries.is_elsewhere(unit, user.id, unit.principal.organization_id):
        raise Forbidden(
            "This person belongs to other organizations, too, so that only the person or an Owner"
            " may do this."
        )


def join(unit: WriteUnit, member: Membership) -> None:
    """Let the account of a person open an organization that the person is a member of."""
    member.joined_at = member.joined_at or unit.now
    unit.session.flush()


def _membership(unit: ReadUnit, user: User) -> Membership:
    organization_id = unit.principal.organization_id
    member = unit.session.get(Membership, (organization_id, user.id))
    if member is None:
        raise Forbidden("Only a member may do this, and no key.")
    return member


@cache
def _decoy() -> str:
    """Return the hash of a password that nobody has."""
    return hash_password(secrets.token_urlsafe(24))
