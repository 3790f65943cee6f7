"""Credentials: the principal that each of them proves, cached in memory."""

import threading
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from playout.core.accounts import queries
from playout.core.accounts.member_names import written_name
from playout.core.accounts.model import (
    Key,
    KeyKind,
    Membership,
    Organization,
    User,
    principal_key,
    session_key,
)
from playout.core.accounts.service import KEY_PURPOSE
from playout.core.accounts.sessions import is_session, session_digest
from playout.core.permissions import Role
from playout.core.principal import Principal
from playout.kit import signing
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.database.engine import Database
from playout.kit.errors import Unauthenticated, Unavailable
from playout.kit.invalidation import Invalidations
from playout.kit.signing import Signer

CACHE_SIZE = 10_000
FLUSH_EVERY = 15.0

log = structlog.get_logger(__name__)
PREFIXES = tuple(f"{kind}." for kind in KeyKind)
RENDER_KEY, RENDER_SECRET = "pk_", "sk_"


class _Session(NamedTuple):
    principal: Principal
    expires_at: datetime


class Credentials:
    """The principals of credentials, which stay in memory until they change."""

    def __init__(self, database: Database, invalidations: Invalidations, signer: Signer) -> None:
        self._database = database
        self._signer = signer
        self._principals: Cache[Principal] = Cache(invalidations, CACHE_SIZE)
        self._sessions: Cache[_Session] = Cache(invalidations, CACHE_SIZE)
        self._used: dict[bytes, datetime] = {}
        self._seen: dict[bytes, datetime] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._flush_often, name="credentials", daemon=True)

    def cached(self, secret: str) -> Principal | None:
        """Return the principal of a credential if it is in memory.

        It reads no database, so that an event loop may call it. Raise `Unauthenticated` for text
        that cannot be a credential.
        """
        if not _well_formed(secret):
            raise Unauthenticated("The API key is not valid.")
        digest = self._signer.digest(KEY_PURPOSE, secret)
        principal = self._principals.get(principal_key(digest))
        if principal is not None:
            self._note_use(digest)
        return principal

    def resolve(self, secret: str) -> Principal:
        """Return the principal of a credential, or raise `Unauthenticated`."""
        principal = self.cached(secret)
        if principal is not None:
            return principal
        digest = self._signer.digest(KEY_PURPOSE, secret)
        generation = self._principals.generation
        with self._database.read_session() as session:
            load = _render_principal if is_render(secret) else _key_principal
            principal = load(session, digest)
        if principal is None:
            raise Unauthenticated("The API key is not valid.")
        self._principals.put(principal_key(digest), principal, generation)
        self._note_use(digest)
        return principal

    def cached_by_id(self, key_id: int) -> Principal | None:
        """Return the principal of the key with that id if it is in memory."""
        return self._principals.get(f"key-id:{key_id}")

    def load_by_id(self, key_id: int) -> Principal:
        """Return the principal of the key with that id, or raise `Unauthenticated`."""
        generation = self._principals.generation
        with self._database.read_session() as session:
            row = queries.credential_by_id(session, key_id)
        if row is None:
            raise Unauthenticated("The API key is not valid.")
        principal, tag = _principal(*row), principal_key(row[0].digest)
        self._principals.put(f"key-id:{key_id}", principal, generation, tag)
        return principal

    def cached_session(self, secret: str) -> Principal | None:
        """Return the principal of a session if it is in memory, as `cached` does of a credential.

        Raise `Unauthenticated` for text that cannot be a session, and for one that has expired.
        """
        if not is_session(secret):
            raise Unauthenticated("The session is not valid.")
        digest = session_digest(self._signer, secret)
        session = self._sessions.get(session_key(digest))
        if session is None:
            return None
        principal = _unexpired(session)
        with self._lock:
            self._seen[digest] = utcnow()
        return principal

    def resolve_session(self, secret: str) -> Principal:
        """Return the principal of a session, or raise `Unauthenticated`.

        It ends with its token, and every change of the member changes it.
        """
        principal = self.cached_session(secret)
        if principal is not None:
            return principal
        digest = session_digest(self._signer, secret)
        generation = self._sessions.generation
        with self._database.read_session() as session:
            found = queries.session_credential(session, digest)
        if found is None:
            raise Unauthenticated("The session has ended.")
        key, organization, user, member, expires_at = found
        opened = _Session(_principal(key, organization, user, member), expires_at)
        self._sessions.put(session_key(digest), opened, generation, principal_key(key.digest))
        return _unexpired(opened)

    def start(self) -> None:
        """Start a thread that stores from time to time when credentials were used."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread, and store the times that are not stored yet."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.flush_uses()

    def flush_uses(self) -> None:
        """Store when keys were last used, and sessions last seen: one write for many requests."""
        with self._lock:
            used, self._used = self._used, {}
            seen, self._seen = self._seen, {}
        if used:
            with self._database.write_session() as session:
                queries.touch_keys(session, used)
        if seen:
            with self._database.write_session() as session:
                queries.touch_sessions(session, seen)

    def _flush_often(self) -> None:
        while not self._stop.wait(FLUSH_EVERY):
            try:
                self.flush_uses()
            except Unavailable:
                log.warning("credentials.uses_not_written")

    def _note_use(self, digest: bytes) -> None:
        with self._lock:
            self._used[digest] = utcnow()


def _unexpired(session: _Session) -> Principal:
    """Return the principal of a session. Raise `Unauthenticated` when the session has expired."""
    if session.expires_at <= utcnow():
        raise Unauthenticated("The session has expired: sign in again.")
    return session.principal


def is_render(secret: str) -> bool:
    """Return whether a credential is `pk_…:sk_…`, as HTTP Basic joins the key and the secret."""
    return secret.startswith(RENDER_KEY)


def _well_formed(secret: str) -> bool:
    if is_render(secret):
        key, _, secret = secret.partition(":")
        return (
            secret.startswith(RENDER_SECRET)
            and signing.is_well_formed(key)
            and signing.is_well_formed(secret)
        )
    return secret.startswith(PREFIXES) and signing.is_well_formed(secret)


def _key_principal(session: Session, digest: bytes) -> Principal | None:
    row = queries.credential(session, digest)
    return None if row is None else _principal(*row)


def _render_principal(session: Session, digest: bytes) -> Principal | None:
    row = queries.render_credential(session, digest)
    if row is None:
        return None
    credential, organization = row
    return Principal(
        kind="render",
        id=str(credential.id),
        name=credential.name or credential.api_key,
        role=None,
        organization_id=organization.id,
        organization_uid=organization.uid,
        project_ids=frozenset({credential.project_id}),
    )


def _principal(
    key: Key, organization: Organization, user: User | None, member: Membership | None
) -> Principal:
    return Principal(
        kind={KeyKind.API: "key", KeyKind.SUB_ACCOUNT: "sub_account", KeyKind.USER: "user"}[
            key.kind
        ],
        id=str(user.id if user else key.id),
        # Rows and events keep this name for ever, so it must not be the name of a person.
        name=written_name(user.id) if user else key.name,
        full_name=member.full_name if member else "",
        role=_role(key, user, member),
        organization_id=organization.id,
        organization_uid=organization.uid,
        project_ids=None if key.project_ids is None else frozenset(key.project_ids),
        sub_account_id=key.sub_account_id,
        user_id=key.user_id,
        key_id=key.id,
        language=(user.language or "") if user else "",
    )


def _role(key: Key, user: User | None, member: Membership | None) -> Role:
    if key.kind is KeyKind.SUB_ACCOUNT:
        return Role.PROJECT_MANAGER
    if user is not None and user.is_owner:
        return Role.OWNER
    role = key.role
    if key.kind is KeyKind.USER:
        role = member.role if member else None
    if role is None:
        raise Unauthenticated("This person is no longer a member of the organization.")
    return role
