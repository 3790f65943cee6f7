"""Sessions: browsers in which a member is signed in with a user token.

The cookie of a session is no token: no API accepts it, and it ends when its member signs out.
"""

from datetime import timedelta

from playout.core.accounts import queries
from playout.core.accounts.model import MemberSession, session_key
from playout.core.unit import WriteUnit
from playout.kit import signing
from playout.kit.errors import Forbidden
from playout.kit.signing import Signer

PREFIX = "ses.v1"
PURPOSE = "session"
LIFETIME = timedelta(days=30)
"""The time a browser stays signed in, unless its member signs out or the token is revoked."""


def open_session(unit: WriteUnit, signer: Signer) -> str:
    """Sign the caller in, whose credential is a user token. Return the text for the cookie."""
    if unit.principal.user_id is None or unit.principal.key_id is None:
        raise Forbidden("Only the token of a member can sign in.")
    secret = signing.mint(PREFIX)
    queries.delete_expired_sessions(unit)
    unit.session.add(
        MemberSession(
            digest=session_digest(signer, secret),
            key_id=unit.principal.key_id,
            created_at=unit.now,
            expires_at=unit.now + LIFETIME,
        )
    )
    return secret


def end_session(unit: WriteUnit, signer: Signer, secret: str) -> None:
    """End a session: every process refuses it within a second. One that has ended stays so."""
    digest = session_digest(signer, secret)
    queries.delete_session(unit, digest)
    unit.invalidate(session_key(digest))


def is_session(secret: str) -> bool:
    """Return whether a text can be that of a session."""
    return secret.startswith(f"{PREFIX}.") and signing.is_well_formed(secret)


def session_digest(signer: Signer, secret: str) -> bytes:
    """Return the keyed hash of a session's text, which alone is stored."""
    return signer.digest(PURPOSE, secret)
