"""Sessions: browsers in which a member is signed in.

The cookie of a session is no token: no API accepts it, and it ends when its member signs out. Each
session has a user token behind it. Who signs in as a person, with a password, has one that nobody
ever sees: it stands for all browsers of that member, and they end when it is revoked.
"""

from datetime import timedelta
from typing import NamedTuple

from playout.core.accounts import identity_queries, people_queries, queries
from playout.core.accounts.member_names import written_name
from playout.core.accounts.model import (
    Key,
    KeyKind,
    LinkedIdentity,
    MemberSession,
    User,
    session_key,
)
from playout.core.accounts.people import own_user
from playout.core.accounts.people_queries import Joined, OpenSession
from playout.core.accounts.service import KEY_PURPOSE
from playout.core.principal import Principal
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit import signing
from playout.kit.errors import Forbidden, NotFound
from playout.kit.signing import Signer

PREFIX = "ses.v1"
PURPOSE = "session"
BROWSERS = "Browsers"
"""The name of the token that stands for the browsers of a member."""
MOST_WRONG_PASSWORDS = 5
LIFETIME = timedelta(days=30)
"""The time a browser stays signed in, unless its member signs out or the token is revoked."""
NO_ORGANIZATION = "Your account opens no organization: ask an administrator to invite you."


def open_session(unit: WriteUnit, signer: Signer, device: str = "") -> str:
    """Sign the caller in, whose credential is a user token. Return the text for the cookie."""
    if unit.principal.user_id is None or unit.principal.key_id is None:
        raise Forbidden("Only the token of a member can sign in.")
    return _open(unit, signer, _new(unit, unit.principal.key_id, device, LIFETIME))


class Arrival(NamedTuple):
    """The way in which a person comes in, and the organization; None is the one used last."""

    device: str = ""
    organization_id: int | None = None
    identity: LinkedIdentity | None = None
    """The identity at a provider by which the person signed in; None for another way."""
    lifetime: timedelta = LIFETIME


def open_personal(unit: WriteUnit, signer: Signer, user: User, arrival: Arrival) -> str:
    """Sign a person in, and return the text for the cookie.

    Raise `Forbidden` for a person who joined no organization, and for an identity that is gone.
    """
    joined = people_queries.joined(unit, user.id)
    if not joined:
        raise Forbidden(NO_ORGANIZATION)
    wanted = [each for each in joined if each.organization.id == arrival.organization_id]
    key = _browsers(unit, signer, user, (wanted or joined)[0])
    identity_id = arrival.identity.id if arrival.identity else None
    if identity_id is not None and unit.session.get(LinkedIdentity, identity_id) is None:
        raise Forbidden("This identity was removed meanwhile.")
    session = _new(unit, key.id, arrival.device, arrival.lifetime)
    session.is_personal, session.identity_id = True, identity_id
    return _open(unit, signer, session)


def move(unit: WriteUnit, signer: Signer, cookie: str, organization_id: int) -> None:
    """Take the session of a person to another organization that the person joined."""
    session = _own(unit, signer, cookie)
    if session is None or not session.is_personal:
        raise Forbidden("Sign in with your password: a token is for one organization.")
    user = own_user(unit)
    chosen = [
        each
        for each in people_queries.joined(unit, user.id)
        if each.organization.id == organization_id
    ]
    if not chosen:
        raise NotFound("You have not joined such an organization.")
    session.key_id = _browsers(unit, signer, user, chosen[0]).id
    unit.invalidate(session_key(session.digest))


def list_own(
    unit: ReadUnit, signer: Signer, cookie: str
) -> tuple[MemberSession | None, list[OpenSession]]:
    """Return the session of the caller, and all that the caller may end, newest first.

    Who signed in with a token sees those in its organization alone.
    """
    current = _own(unit, signer, cookie)
    everywhere = current is not None and current.is_personal
    where = None if everywhere else unit.principal.organization_id
    return current, people_queries.sessions(unit, own_user(unit).id, where)


def is_personal(
    unit: ReadUnit, signer: Signer, cookie: str, principal: Principal | None = None
) -> bool:
    """Return whether that person, by default the caller, signed in with a cookie.

    It is False for somebody who has a token of the person.
    """
    session = _own(unit, signer, cookie, principal)
    return session is not None and session.is_personal


def end_own(unit: WriteUnit, signer: Signer, cookie: str, session_id: int | None = None) -> None:
    """End one of the sessions of `list_own`, or all of them but the caller's.

    Raise `NotFound` for one that is not among them.
    """
    current, all_ = list_own(unit, signer, cookie)
    ended = [
        each.session
        for each in all_
        if (each.session is not current if session_id is None else each.session.id == session_id)
    ]
    if session_id is not None and not ended:
        raise NotFound("There is no such session.")
    if current is not None:
        current.wrong_passwords = 0
    _end(unit, ended)


def count_guess(unit: WriteUnit, signer: Signer, cookie: str) -> None:
    """Count a password that is sent in a session, before anybody looks at it.

    After a few the session ends: it may be in other hands. `end_own` forgets what was counted.
    Raise `Forbidden` for a caller whose guesses nobody would count: one without a session, or one
    who signed in with a token, which may be somebody else's, although the person has a password.
    """
    session = _own(unit, signer, cookie)
    if session is None or not (session.is_personal or own_user(unit).password_hash is None):
        raise Forbidden("Sign in with your password to change it.")
    people_queries.count_wrong_password(unit, session)
    if session.wrong_passwords >= MOST_WRONG_PASSWORDS:
        _end(unit, [session])


def end_all_of(unit: WriteUnit, user_id: int) -> None:
    """End all sessions of a person."""
    _end(unit, [each.session for each in people_queries.sessions(unit, user_id, None)])


def end_all_by(unit: WriteUnit, identity: LinkedIdentity) -> None:
    """End all sessions that came by an identity."""
    _end(unit, identity_queries.sessions_by(unit, identity.id))


def end_session(unit: WriteUnit, signer: Signer, secret: str) -> bool:
    """End a session: every process refuses it within a second. One that has ended stays so.

    Return whether it came by a provider of OpenID Connect, which knows nothing of the end.
    """
    digest = session_digest(signer, secret)
    came_by_provider = identity_queries.is_by_identity(unit, digest)
    queries.delete_session(unit, digest)
    unit.invalidate(session_key(digest))
    return came_by_provider


def is_session(secret: str) -> bool:
    """Return whether a text can be that of a session."""
    return secret.startswith(f"{PREFIX}.") and signing.is_well_formed(secret)


def session_digest(signer: Signer, secret: str) -> bytes:
    """Return the keyed hash of a session's text, which alone is stored."""
    return signer.digest(PURPOSE, secret)


def _own(
    unit: ReadUnit, signer: Signer, cookie: str, principal: Principal | None = None
) -> MemberSession | None:
    """Return the session of a cookie, if it is that of a person, by default the caller.

    A request may have the credential of one person, and the cookie of another.
    """
    user_id = (principal or unit.principal).user_id
    if user_id is None or not is_session(cookie):
        return None
    return people_queries.session_of(unit, session_digest(signer, cookie), user_id)


def _new(unit: WriteUnit, key_id: int, device: str, lifetime: timedelta) -> MemberSession:
    return MemberSession(
        key_id=key_id,
        device=device,
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=unit.now + lifetime,
    )


def _open(unit: WriteUnit, signer: Signer, session: MemberSession) -> str:
    secret = signing.mint(PREFIX)
    queries.delete_expired_sessions(unit)
    session.digest = session_digest(signer, secret)
    unit.session.add(session)
    return secret


def _browsers(unit: WriteUnit, signer: Signer, user: User, joined: Joined) -> Key:
    """Return the token that stands for the browsers of a member, and create it at first."""
    people_queries.lock_user(unit, user.id)
    organization = joined.organization
    key = people_queries.browser_key(unit, user.id, organization.id, BROWSERS)
    if key is None:
        secret = signing.mint(KeyKind.USER)
        key = Key(
            kind=KeyKind.USER,
            digest=signer.digest(KEY_PURPOSE, secret),
            hint="",
            name=BROWSERS,
            organization_id=organization.id,
            user_id=user.id,
            settings={},
            created_at=unit.now,
            created_by=written_name(user.id),
        )
        unit.session.add(key)
        unit.session.flush()
        unit.record("key.created", key, {"name": [None, key.name], "role": [None, None]})
    key.last_used_at = unit.now
    return key


def _end(unit: WriteUnit, sessions: list[MemberSession]) -> None:
    for session in sessions:
        unit.session.delete(session)
        unit.invalidate(session_key(session.digest))
