"""Every query about people who sign in: passwords, joined organizations, links and sessions."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from playout.core.accounts.model import (
    AccountLink,
    Key,
    KeyKind,
    LinkKind,
    MemberSession,
    Membership,
    Organization,
    Passkey,
    SpentChallenge,
    User,
)
from playout.core.unit import ReadUnit, WriteUnit


class Joined(NamedTuple):
    """An organization that a person joined, and the membership there."""

    organization: Organization
    membership: Membership


class OpenSession(NamedTuple):
    """A session, with the organization that it is in."""

    session: MemberSession
    organization: Organization


def user_by_email(unit: ReadUnit, email: str) -> User | None:
    return unit.session.scalar(select(User).where(User.email == email.lower()))


def lock_user(unit: WriteUnit, user_id: int) -> User | None:
    """Return a person, locked, so that two who sign in at once share one token."""
    query = select(User).where(User.id == user_id).with_for_update(key_share=True)
    return unit.session.scalar(query)


def has_passwords(unit: ReadUnit) -> bool:
    """Return whether anybody has a password."""
    return bool(unit.session.scalar(select(exists().where(User.password_hash.is_not(None)))))


def is_elsewhere(unit: ReadUnit, user_id: int, organization_id: int | None) -> bool:
    """Return whether a person is a member of another organization than this one."""
    query = exists().where(
        Membership.user_id == user_id, Membership.organization_id != organization_id
    )
    return bool(unit.session.scalar(select(query)))


def joined(unit: ReadUnit, user_id: int) -> list[Joined]:
    """Return the organizations that a person joined, the one that was used last at the front."""
    used = (
        select(func.max(Key.last_used_at))
        .where(Key.user_id == user_id, Key.organization_id == Organization.id)
        .scalar_subquery()
    )
    query = (
        select(Organization, Membership)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == user_id, Membership.joined_at.is_not(None))
        .order_by(used.desc().nulls_last(), Organization.id)
    )
    return [Joined(*row) for row in unit.session.execute(query)]


def browser_key(unit: ReadUnit, user_id: int, organization_id: int, name: str) -> Key | None:
    """Return the valid token that stands for the browsers of a member."""
    query = select(Key).where(
        Key.kind == KeyKind.USER,
        Key.user_id == user_id,
        Key.organization_id == organization_id,
        Key.name == name,
        Key.revoked_at.is_(None),
    )
    return unit.session.scalar(query.order_by(Key.id).limit(1))


def session_of(unit: ReadUnit, digest: bytes, user_id: int) -> MemberSession | None:
    """Return a session of a person that has not ended."""
    query = select(MemberSession).join(Key, Key.id == MemberSession.key_id)
    return unit.session.scalar(
        query.where(
            MemberSession.digest == digest,
            MemberSession.expires_at > unit.now,
            Key.user_id == user_id,
            Key.revoked_at.is_(None),
        )
    )


def count_wrong_password(unit: WriteUnit, session: MemberSession) -> None:
    """Add one to a count, after all others who do so at the same time."""
    unit.session.refresh(session, with_for_update=True)
    session.wrong_passwords += 1


def sessions(unit: ReadUnit, user_id: int, organization_id: int | None) -> list[OpenSession]:
    """Return the sessions of a person, newest first; those of one organization if it is named."""
    query = (
        select(MemberSession, Organization)
        .join(Key, Key.id == MemberSession.key_id)
        .join(Organization, Organization.id == Key.organization_id)
        .where(
            Key.user_id == user_id, Key.revoked_at.is_(None), MemberSession.expires_at > unit.now
        )
        .order_by(MemberSession.id.desc())
    )
    if organization_id is not None:
        query = query.where(Key.organization_id == organization_id)
    return [OpenSession(*row) for row in unit.session.execute(query)]


def passkeys(unit: ReadUnit, user_id: int) -> list[Passkey]:
    """Return the passkeys of a person, oldest first."""
    query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return list(unit.session.scalars(query))


def passkey(unit: ReadUnit, credential_id: bytes, *, for_update: bool = False) -> Passkey | None:
    query = select(Passkey).where(Passkey.credential_id == credential_id)
    return unit.session.scalar(query.with_for_update() if for_update else query)


def delete_passkeys(unit: WriteUnit, user_id: int) -> None:
    unit.session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def has_passkeys(unit: ReadUnit) -> bool:
    """Return whether anybody has a passkey."""
    return bool(unit.session.scalar(select(exists().select_from(Passkey))))


def take_link(unit: WriteUnit, digest: bytes) -> AccountLink | None:
    """Return a link that has not expired, locked: of two who use it at once, one waits."""
    query = select(AccountLink).where(
        AccountLink.digest == digest, AccountLink.expires_at > unit.now
    )
    return unit.session.scalar(query.with_for_update())


def link(unit: ReadUnit, digest: bytes) -> AccountLink | None:
    query = select(AccountLink).where(
        AccountLink.digest == digest, AccountLink.expires_at > unit.now
    )
    return unit.session.scalar(query)


def invitations(unit: ReadUnit, organization_id: int) -> list[AccountLink]:
    """Return the invitations to an organization that are open, newest first."""
    query = select(AccountLink).where(
        AccountLink.organization_id == organization_id,
        AccountLink.kind == LinkKind.INVITATION,
        AccountLink.expires_at > unit.now,
    )
    return list(unit.session.scalars(query.order_by(AccountLink.id.desc())))


def delete_former_links(unit: WriteUnit, organization_id: int, email: str, kind: LinkKind) -> None:
    """Delete the link that a new one replaces, and links that have expired."""
    unit.session.execute(
        delete(AccountLink).where(
            (AccountLink.expires_at <= unit.now)
            | (
                (AccountLink.organization_id == organization_id)
                & (AccountLink.email == email)
                & (AccountLink.kind == kind)
            )
        )
    )


def insert_spent_challenge(unit: WriteUnit, digest: bytes, expires_at: datetime) -> bool:
    """Note that a challenge is used up, and forget those that nobody accepts any more.

    Return False for one that was noted before. Of two that come at once, the second one waits for
    the first.
    """
    unit.session.execute(delete(SpentChallenge).where(SpentChallenge.expires_at <= unit.now))
    query = insert(SpentChallenge).values(digest=digest, expires_at=expires_at)
    added = query.on_conflict_do_nothing().returning(SpentChallenge.digest)
    return unit.session.execute(added).one_or_none() is not None
