"""From the text of a credential to the principal who sent it."""

import threading
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from playout.core.accounts import queries
from playout.core.accounts.model import Key, KeyKind, Organization, User
from playout.core.accounts.service import KEY_PURPOSE
from playout.core.permissions import Role
from playout.core.principal import Principal
from playout.kit import signing
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.db import Database
from playout.kit.errors import Unauthenticated, Unavailable
from playout.kit.invalidation import Invalidations
from playout.kit.signing import Signer

REMEMBERED = 10_000
FLUSH_EVERY = 15.0

log = structlog.get_logger(__name__)
PREFIXES = tuple(f"{kind}." for kind in KeyKind)
RENDER_KEY, RENDER_SECRET = "pk_", "sk_"


class Credentials:
    """Knows principals by their credentials, and remembers them until they change."""

    def __init__(self, database: Database, invalidations: Invalidations, signer: Signer) -> None:
        self._database = database
        self._signer = signer
        self._known: Cache[Principal] = Cache(invalidations, REMEMBERED)
        self._used: dict[bytes, datetime] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._flush_often, name="credentials", daemon=True)

    def recall(self, secret: str) -> Principal | None:
        """The principal if it is in memory: no database, so it may be called in an event loop.

        Raises `Unauthenticated` for text that no key can be.
        """
        if not _well_formed(secret):
            raise Unauthenticated("The API key is not valid.")
        digest = self._signer.digest(KEY_PURPOSE, secret)
        principal = self._known.get(f"key:{digest.hex()}")
        if principal is not None:
            self._note_use(digest)
        return principal

    def resolve(self, secret: str) -> Principal:
        """The principal of a credential. Raises `Unauthenticated` when it is not good."""
        principal = self.recall(secret)
        if principal is not None:
            return principal
        digest = self._signer.digest(KEY_PURPOSE, secret)
        generation = self._known.generation
        with self._database.reading() as session:
            look_up = _render_principal if is_render(secret) else _key_principal
            principal = look_up(session, digest)
        if principal is None:
            raise Unauthenticated("The API key is not valid.")
        self._known.put(f"key:{digest.hex()}", principal, generation)
        self._note_use(digest)
        return principal

    def recall_key(self, key_id: int) -> Principal | None:
        """Who came with the key of that id, if it is in memory; no database."""
        return self._known.get(f"key-id:{key_id}")

    def resolve_key(self, key_id: int) -> Principal:
        """Who came with the key of that id. Raises `Unauthenticated` when it is good no longer."""
        generation = self._known.generation
        with self._database.reading() as session:
            row = queries.credential_by_id(session, key_id)
        if row is None:
            raise Unauthenticated("The API key is not valid.")
        principal = _principal(*row)
        self._known.put(f"key-id:{key_id}", principal, generation, row[0].cache_key)
        return principal

    def start(self) -> None:
        """Write uses down once in a while, from a thread of this process."""
        self._thread.start()

    def close(self) -> None:
        """Write down what is left."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.flush_uses()

    def flush_uses(self) -> None:
        """Write down when keys were last used: one write for many requests."""
        with self._lock:
            used, self._used = self._used, {}
        if used:
            with self._database.writing() as session:
                queries.touch_keys(session, used)

    def _flush_often(self) -> None:
        while not self._stop.wait(FLUSH_EVERY):
            try:
                self.flush_uses()
            except Unavailable:
                log.warning("credentials.uses_not_written")

    def _note_use(self, digest: bytes) -> None:
        with self._lock:
            self._used[digest] = utcnow()


def is_render(secret: str) -> bool:
    """Whether a credential is `pk_…:sk_…`, as HTTP Basic joins the two."""
    return secret.startswith(RENDER_KEY)


def _well_formed(secret: str) -> bool:
    if is_render(secret):
        key, _, secret = secret.partition(":")
        return (
            secret.startswith(RENDER_SECRET)
            and signing.well_formed(key)
            and signing.well_formed(secret)
        )
    return secret.startswith(PREFIXES) and signing.well_formed(secret)


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
    key: Key, organization: Organization, user: User | None, member_role: Role | None
) -> Principal:
    return Principal(
        kind={KeyKind.API: "key", KeyKind.SUB_ACCOUNT: "sub_account", KeyKind.USER: "user"}[
            key.kind
        ],
        id=str(user.id if user else key.id),
        name=user.full_name or user.email if user else key.name,
        role=_role(key, user, member_role),
        organization_id=organization.id,
        organization_uid=organization.uid,
        project_ids=None if key.project_ids is None else frozenset(key.project_ids),
        sub_account_id=key.sub_account_id,
        user_id=key.user_id,
        key_id=key.id,
    )


def _role(key: Key, user: User | None, member_role: Role | None) -> Role:
    if key.kind is KeyKind.SUB_ACCOUNT:
        return Role.PROJECT_MANAGER
    if user is not None and user.is_owner:
        return Role.OWNER
    role = member_role if key.kind is KeyKind.USER else key.role
    if role is None:
        raise Unauthenticated("This person is no longer a member of the organization.")
    return role
