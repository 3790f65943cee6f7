"""Every query about organizations, their members and sub-accounts, and keys."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from playout.core.accounts.model import (
    AccountLink,
    Key,
    LinkKind,
    Member,
    MemberSession,
    Membership,
    Organization,
    Passkey,
    RenderCredential,
    SubAccount,
    User,
)
from playout.core.permissions import Role
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.ids import random_id

INSERT_USER = text(
    """
    INSERT INTO users (id, email, username, is_verified, is_owner, created_at)
    OVERRIDING SYSTEM VALUE VALUES (:id, :email, :email, false, false, :now)
    ON CONFLICT (email) DO UPDATE SET email = excluded.email
    RETURNING *
    """
)
"""Insert a person, or lock the one who has that address. The id is random: of ids in order, a small
one would tell that another organization had known the address before."""
CredentialRow = Row[Key, Organization, User | None, Membership | None]


def credential(session: Session, digest: bytes) -> CredentialRow | None:
    """Return a valid key with its organization, and for a user token also the member."""
    return session.execute(_credentials().where(Key.digest == digest)).one_or_none()


def credential_by_id(session: Session, key_id: int) -> CredentialRow | None:
    """Return the same as `credential`, by the id of the key."""
    return session.execute(_credentials().where(Key.id == key_id)).one_or_none()


def session_credential(
    session: Session, digest: bytes
) -> Row[Key, Organization, User | None, Membership | None, datetime] | None:
    """Return the valid token of a session as `credential` does, and when the session expires."""
    query = _credentials().add_columns(MemberSession.expires_at)
    query = query.join(MemberSession, MemberSession.key_id == Key.id)
    return session.execute(query.where(MemberSession.digest == digest)).one_or_none()


def delete_session(unit: WriteUnit, digest: bytes) -> None:
    """Delete a session, if there is one."""
    unit.session.execute(delete(MemberSession).where(MemberSession.digest == digest))


def delete_expired_sessions(unit: WriteUnit) -> None:
    """Delete the sessions that have expired."""
    unit.session.execute(delete(MemberSession).where(MemberSession.expires_at <= unit.now))


def touch_sessions(session: Session, seen: Mapping[bytes, datetime]) -> None:
    """Set when sessions were last seen, in one statement."""
    rows = [{"d": digest, "at": at} for digest, at in seen.items()]
    session.connection().execute(
        update(MemberSession)
        .where(MemberSession.digest == bindparam("d"))
        .values(last_seen_at=bindparam("at")),
        rows,
    )


def render_credential(
    session: Session, digest: bytes
) -> Row[RenderCredential, Organization] | None:
    """Return a valid render credential with its organization."""
    return session.execute(
        select(RenderCredential, Organization)
        .join(Organization, Organization.id == RenderCredential.organization_id)
        .where(RenderCredential.digest == digest, RenderCredential.revoked_at.is_(None))
    ).one_or_none()


def touch_keys(session: Session, used: Mapping[bytes, datetime]) -> None:
    """Set when keys and render credentials were last used, in one statement for each table."""
    rows = [{"d": digest, "at": at} for digest, at in used.items()]
    for kind in (Key, RenderCredential):
        session.connection().execute(
            update(kind)
            .where(
                kind.digest == bindparam("d"),
                or_(kind.last_used_at.is_(None), kind.last_used_at < bindparam("at")),
            )
            .values(last_used_at=bindparam("at")),
            rows,
        )


def organization_by_slug(unit: ReadUnit, slug: str) -> Organization | None:
    return unit.session.scalar(_organizations(unit).where(Organization.slug == slug))


def organization_by_uid(unit: ReadUnit, uid: UUID) -> Organization | None:
    query = select(Organization).where(Organization.uid == uid)
    return unit.session.scalar(query.where(*unit.principal.owned(Organization.id)))


def organizations(unit: ReadUnit, limit: int | None = None) -> list[Organization]:
    query = _organizations(unit).order_by(Organization.id).limit(limit)
    return list(unit.session.scalars(query))


def keys(unit: ReadUnit, organization_id: int | None) -> list[Key]:
    """Return keys, newest first, including revoked ones; the operator sees all organizations."""
    query = select(Key).order_by(Key.id.desc())
    own = unit.principal.organization_id or organization_id
    if own is not None:
        query = query.where(Key.organization_id == own)
    return list(unit.session.scalars(query))


def tokens(unit: ReadUnit, user: User) -> list[Key]:
    """Return the tokens of a person, in every organization."""
    return list(unit.session.scalars(select(Key).where(Key.user_id == user.id)))


def key_for_update(unit: ReadUnit, key_id: int) -> Key | None:
    query = select(Key).where(Key.id == key_id).with_for_update()
    if unit.principal.organization_id is not None:
        query = query.where(Key.organization_id == unit.principal.organization_id)
    return unit.session.scalar(query)


def own_key(unit: ReadUnit) -> Key | None:
    """Return the key of the caller; None for a person, whose tokens have no settings."""
    if unit.principal.kind not in {"key", "sub_account"}:
        return None
    return unit.session.get(Key, int(unit.principal.id))


def sub_account(unit: ReadUnit, organization_id: int, sub_account_id: int) -> SubAccount | None:
    return unit.session.scalar(
        select(SubAccount).where(
            SubAccount.organization_id == organization_id, SubAccount.id == sub_account_id
        )
    )


def sub_accounts(unit: ReadUnit, organization_id: int) -> list[SubAccount]:
    query = select(SubAccount).where(SubAccount.organization_id == organization_id)
    return list(unit.session.scalars(query.order_by(SubAccount.id)))


def members(unit: ReadUnit, organization_id: int) -> list[Member]:
    """Return the members of an organization, in the order of their names."""
    query = _members().where(Membership.organization_id == organization_id)
    rows = unit.session.execute(query.order_by(Membership.full_name, User.id))
    return [Member(*row) for row in rows]


def member_by_email(unit: ReadUnit, organization_id: int, email: str) -> Member | None:
    """Return the member of an organization who has that address."""
    query = _members().where(
        Membership.organization_id == organization_id, User.email == email.lower()
    )
    row = unit.session.execute(query).one_or_none()
    return None if row is None else Member(*row)


def member_for_update(unit: WriteUnit, organization_id: int, email: str) -> Member | None:
    """Return the member who has that address, with the person locked in all organizations."""
    locked = select(User).where(User.email == email.lower()).with_for_update()
    user = unit.session.scalar(locked)
    member = membership(unit, organization_id, user.id) if user else None
    return None if user is None or member is None else Member(user, member)


def insert_user(unit: WriteUnit, email: str) -> User:
    """Return the person who has that address, locked, and created if there is none.

    It is one statement in both cases, so that its time does not tell whether the address was known.
    """
    row = {"id": random_id(), "email": email, "now": unit.now}
    query = select(User).from_statement(INSERT_USER)
    rows = unit.session.scalars(query, row, execution_options={"populate_existing": True})
    user: User = rows.one()
    return user


def lock_organization(unit: WriteUnit, organization_id: int) -> None:
    """Have changes of who administers an organization wait for each other."""
    query = select(Organization.id).where(Organization.id == organization_id)
    unit.session.execute(query.with_for_update(key_share=True))


def count_owners(unit: ReadUnit) -> int:
    """Return how many memberships have the role Owner, in all organizations."""
    query = select(func.count()).select_from(Membership).where(Membership.role == Role.OWNER)
    return unit.session.scalar(query) or 0


def count_administrators(unit: ReadUnit, organization_id: int) -> int:
    """Return how many members may manage the members of an organization."""
    query = select(func.count()).select_from(Membership)
    return (
        unit.session.scalar(
            query.where(
                Membership.organization_id == organization_id,
                Membership.role.in_((Role.ORGANIZATION_ADMIN, Role.OWNER)),
            )
        )
        or 0
    )


def delete_links(unit: WriteUnit, email: str, kind: LinkKind) -> None:
    """Delete the links of a kind that were made for a person."""
    unit.session.execute(
        delete(AccountLink).where(AccountLink.email == email, AccountLink.kind == kind)
    )


def delete_passkeys(unit: WriteUnit, user_id: int) -> None:
    """Delete the passkeys of a person."""
    unit.session.execute(delete(Passkey).where(Passkey.user_id == user_id))


def is_member_anywhere(unit: ReadUnit, user_id: int) -> bool:
    """Return whether a person is a member of any organization."""
    query = select(exists().where(Membership.user_id == user_id))
    return bool(unit.session.scalar(query))


def is_owner_anywhere(unit: ReadUnit, user_id: int) -> bool:
    """Return whether a person has the role Owner in any organization."""
    query = exists().where(Membership.user_id == user_id, Membership.role == Role.OWNER)
    return bool(unit.session.scalar(select(query)))


def organizations_by_id(unit: ReadUnit, ids: set[int]) -> dict[int, Organization]:
    """Return the organizations of things that the caller may see."""
    query = select(Organization).where(Organization.id.in_(ids))
    return {organization.id: organization for organization in unit.session.scalars(query)}


def members_by_id(
    unit: ReadUnit, ids: set[tuple[int, int]]
) -> dict[tuple[int, int | None], Member]:
    """Return members by the ids of their organizations and users; former members are left out."""
    if not ids:
        return {}
    key = tuple_(Membership.organization_id, Membership.user_id)
    rows = unit.session.execute(_members().where(key.in_(ids)))
    return {(row[1].organization_id, row[0].id): Member(*row) for row in rows}


def membership(unit: ReadUnit, organization_id: int, user_id: int) -> Membership | None:
    return unit.session.get(Membership, (organization_id, user_id))


def _members() -> Select[User, Membership]:
    return select(User, Membership).join(Membership, Membership.user_id == User.id)


def _organizations(unit: ReadUnit) -> Select[Organization]:
    query = select(Organization)
    if unit.principal.organization_id is not None:
        query = query.where(Organization.id == unit.principal.organization_id)
    return query


def _credentials() -> Select[Key, Organization, User | None, Membership | None]:
    return (
        select(Key, Organization, User, Membership)
        .join(Organization, Organization.id == Key.organization_id)
        .outerjoin(User, User.id == Key.user_id)
        .outerjoin(
            Membership,
            and_(
                Membership.user_id == Key.user_id,
                Membership.organization_id == Key.organization_id,
            ),
        )
        .where(Key.revoked_at.is_(None))
    )
