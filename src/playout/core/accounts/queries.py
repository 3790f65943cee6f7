"""Every query about organizations, their members and sub-accounts, and keys."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from playout.core.accounts.model import (
    Key,
    Membership,
    Organization,
    RenderCredential,
    SubAccount,
    User,
)
from playout.core.permissions import Role
from playout.core.unit import ReadUnit


def credential(
    session: Session, digest: bytes
) -> Row[Key, Organization, User | None, Role | None] | None:
    """Return a valid key with its organization, and for a user token also the user and role."""
    return session.execute(_credentials().where(Key.digest == digest)).one_or_none()


def credential_by_id(
    session: Session, key_id: int
) -> Row[Key, Organization, User | None, Role | None] | None:
    """Return the same as `credential`, by the id of the key."""
    return session.execute(_credentials().where(Key.id == key_id)).one_or_none()


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


def members(unit: ReadUnit, organization_id: int) -> list[tuple[User, Role]]:
    """Return the members of an organization with their roles, in the order of their names."""
    query = (
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id)
        .order_by(User.full_name, User.id)
    )
    return [(user, role) for user, role in unit.session.execute(query)]


def user_by_email(unit: ReadUnit, email: str) -> User | None:
    return unit.session.scalar(select(User).where(User.email == email.lower()))


def organizations_by_id(unit: ReadUnit, ids: set[int]) -> dict[int, Organization]:
    """Return the organizations of things that the caller may see."""
    query = select(Organization).where(Organization.id.in_(ids))
    return {organization.id: organization for organization in unit.session.scalars(query)}


def users_by_id(unit: ReadUnit, ids: set[int]) -> dict[int | None, User]:
    rows = unit.session.scalars(select(User).where(User.id.in_(ids))) if ids else ()
    return {user.id: user for user in rows}


def membership(unit: ReadUnit, organization_id: int, user_id: int) -> Membership | None:
    return unit.session.get(Membership, (organization_id, user_id))


def _organizations(unit: ReadUnit) -> Select[Organization]:
    query = select(Organization)
    if unit.principal.organization_id is not None:
        query = query.where(Organization.id == unit.principal.organization_id)
    return query


def _credentials() -> Select[Key, Organization, User | None, Role | None]:
    return (
        select(Key, Organization, User, Membership.role)
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
