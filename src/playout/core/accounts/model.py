"""Tables of organizations, users, memberships, sub-accounts and keys."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from playout.core.ledger.model import Subject
from playout.core.ledger.recordable import Recordable
from playout.core.permissions import Role
from playout.kit.database.engine import Model
from playout.kit.ids import uuid7

FORMER = "@users.invalid"
"""The end of the addresses that stand for former members."""


class Organization(Recordable, Model):
    """A tenant. No other tenant ever sees anything of it."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    uid: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        return Subject("organization", str(self.uid), self.id)


class User(Model):
    """A person. Their permissions come from their memberships, except for an Owner.

    Names and pictures are in the memberships: each organization has its own of the person.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str] = mapped_column(unique=True)
    is_verified: Mapped[bool] = mapped_column(default=False)
    is_owner: Mapped[bool] = mapped_column(default=False)
    """True while one of their memberships has the role Owner."""
    created_at: Mapped[datetime]
    password_hash: Mapped[str | None]
    """The argon2 hash of the password with which the person signs in; None if there is none."""
    language: Mapped[str | None]
    """The language in which the console and mails speak to the person; None for the browser's."""

    def forget(self) -> None:
        """Remove all personal data. The id stays: videos, keys and events refer to it."""
        self.username = f"user-{self.id}"
        self.email = former_address(self.id)
        self.is_owner = self.is_verified = False
        self.password_hash = self.language = None


class Membership(Model):
    """The role of a user in an organization, and their name and picture there."""

    __tablename__ = "memberships"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[Role]
    full_name: Mapped[str] = mapped_column(server_default="")
    profile_picture: Mapped[str | None]
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    """The time at which the person joined by a link. Only then the account of the person, which is
    one for all organizations, opens this one: who names an address need not be who has it."""
    role_by_claim: Mapped[bool] = mapped_column(server_default=false())
    """True if a provider of OpenID Connect says the role: it follows at each sign-in."""

    @property
    def subject(self) -> Subject:
        """The member as the ledger names it: by an id, because the ledger is kept for ever."""
        return Subject("member", str(self.user_id), self.organization_id)


class Member(NamedTuple):
    """A person as one organization knows them."""

    user: User
    membership: Membership


class SubAccount(Recordable, Model):
    """A customer of an organization, who sees only their own videos."""

    __tablename__ = "sub_accounts"
    __table_args__ = (Index(None, "organization_id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    created_at: Mapped[datetime]

    @property
    def subject(self) -> Subject:
        return Subject("sub_account", str(self.id), self.organization_id, None, self.id)


class KeyKind(StrEnum):
    """The kind of principal that a key stands for; it is the first part of its text."""

    API = "app.v1"
    SUB_ACCOUNT = "sub.v1"
    USER = "usr.v1"


class Key(Recordable, Model):
    """A key or a user token. Only a keyed hash of its text is stored.

    Only an API key has a `role` of its own. The key of a sub-account is a ProjectManager of the
    sub-account's videos. A user token has the role of the membership at that moment.
    """

    __tablename__ = "keys"
    __table_args__ = (Index(None, "organization_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[KeyKind]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hint: Mapped[str]
    """The last four characters, so that people can tell keys apart."""
    name: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    role: Mapped[Role | None]
    project_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    sub_account_id: Mapped[int | None] = mapped_column(ForeignKey("sub_accounts.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject("key", str(self.id), self.organization_id, None, self.sub_account_id)

    @property
    def default_project(self) -> str | None:
        """The id of the project for requests that name none, if the settings hold one."""
        defaults = self.settings.get("defaults")
        named = defaults.get("property") if isinstance(defaults, dict) else None
        return None if named is None else str(named)

    @property
    def cache_keys(self) -> Sequence[str]:
        return (principal_key(self.digest),)


class MemberSession(Model):
    """A browser in which a member is signed in with a user token.

    Only a keyed hash of the text in its cookie is stored. It ends with its row, with its token, or
    at `expires_at`.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index(None, "expires_at"),
        Index(None, "key_id"),
        Index(None, "identity_id"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("keys.id"))
    is_personal: Mapped[bool] = mapped_column(server_default=false())
    """True if the person signed in, and not somebody who has a token: administrators create tokens.
    Only such a session reaches what belongs to the person in all organizations."""
    device: Mapped[str] = mapped_column(server_default="")
    """The browser and the system, such as `Firefox on Linux`; "" if it is not known."""
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    """The identity by which the person signed in; None for another way."""
    wrong_passwords: Mapped[int] = mapped_column(server_default="0")
    """The number of times that the present password was wrong where it was to be changed."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class LinkKind(StrEnum):
    """The purpose of an account link."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105


class AccountLink(Model):
    """A link that works once: it lets a person join an organization, or set a password.

    Only a keyed hash of its code is stored. It ends with its row, which goes when the link is used.
    """

    __tablename__ = "account_links"
    __table_args__ = (UniqueConstraint("organization_id", "email", "kind"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    kind: Mapped[LinkKind]
    email: Mapped[str]
    role: Mapped[Role | None]
    """The role that an invitation gives."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Passkey(Model):
    """A key in a device or a password manager of a person, with which the person signs in."""

    __tablename__ = "passkeys"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    """The number of signatures that the device tells, or 0 if it does not count. A lower number
    than before shows a copy."""
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class LinkedIdentity(Model):
    """A person at a provider of OpenID Connect, who is a user here.

    The subject is what a provider never gives to anybody else. It does so with addresses.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SpentChallenge(Model):
    """A challenge that was answered. It works once, so its hash is kept until it expires."""

    __tablename__ = "spent_challenges"
    __table_args__ = (Index(None, "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    expires_at: Mapped[datetime]


class RenderCredential(Recordable, Model):
    """A key and a secret that may only render the videos of one project.

    Only a keyed hash of the two together is stored, so that a secret is valid only with its own
    key.
    """

    __tablename__ = "render_credentials"
    __table_args__ = (Index(None, "project_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    api_key: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        names = {"credential": {"id": str(self.id)}}
        return Subject(
            "credential", str(self.id), self.organization_id, self.project_id, names=names
        )

    @property
    def cache_keys(self) -> Sequence[str]:
        return (principal_key(self.digest),)


def session_key(digest: bytes) -> str:
    """Return the key of the session that comes with a cookie."""
    return f"session:{digest.hex()}"


def former_address(user_id: int) -> str:
    """Return an address that stands for a former member. It reaches nobody (RFC 2606)."""
    return f"user-{user_id}{FORMER}"


def is_former_address(email: str) -> bool:
    """Return whether an address may stand for a former member. Nobody can be added with one."""
    return email.lower().endswith(FORMER)


def principal_key(digest: bytes) -> str:
    """Return the key, or the tag, of the principal that comes with a credential."""
    return f"key:{digest.hex()}"
