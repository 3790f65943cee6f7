"""Every query about people at providers of OpenID Connect."""

from sqlalchemy import delete, select

from playout.core.accounts.model import AccountLink, LinkedIdentity, LinkKind, MemberSession
from playout.core.unit import ReadUnit, WriteUnit


def identity(unit: WriteUnit, issuer: str, subject: str) -> LinkedIdentity | None:
    """Return who somebody at a provider is here, locked."""
    query = select(LinkedIdentity).where(
        LinkedIdentity.issuer == issuer, LinkedIdentity.subject == subject
    )
    return unit.session.scalar(query.with_for_update())


def identities(unit: ReadUnit, user_id: int) -> list[LinkedIdentity]:
    """Return the identities of a person, oldest first."""
    query = select(LinkedIdentity).where(LinkedIdentity.user_id == user_id)
    return list(unit.session.scalars(query.order_by(LinkedIdentity.id)))


def sessions_by(unit: ReadUnit, identity_id: int) -> list[MemberSession]:
    """Return the sessions that came by an identity."""
    query = select(MemberSession).where(MemberSession.identity_id == identity_id)
    return list(unit.session.scalars(query))


def is_by_identity(unit: ReadUnit, digest: bytes) -> bool:
    """Return whether a session is that of somebody who signed in by a provider."""
    query = select(MemberSession.identity_id).where(MemberSession.digest == digest)
    return unit.session.scalar(query) is not None


def delete_identities(unit: WriteUnit, user_id: int) -> None:
    """Delete the identities of a person, with the sessions that came by them."""
    own = select(LinkedIdentity.id).where(LinkedIdentity.user_id == user_id)
    unit.session.flush()
    unit.session.execute(delete(MemberSession).where(MemberSession.identity_id.in_(own)))
    unit.session.execute(delete(LinkedIdentity).where(LinkedIdentity.user_id == user_id))


def invitation(unit: WriteUnit, organization_id: int, email: str) -> AccountLink | None:
    """Return the open invitation of a person to an organization, locked."""
    query = select(AccountLink).where(
        AccountLink.organization_id == organization_id,
        AccountLink.email == email,
        AccountLink.kind == LinkKind.INVITATION,
        AccountLink.expires_at > unit.now,
    )
    return unit.session.scalar(query.with_for_update())
