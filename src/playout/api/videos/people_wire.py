"""The JSON of people, organizations and keys; a person is `SimpleUser` of the public document."""

from typing import Any, NotRequired

from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut, UuidOut
from playout.api.videos.schemas.types import Email, document_only, time_out
from playout.core.accounts.model import Key, KeyKind, Organization, SubAccount, User
from playout.core.permissions import Role


class SimpleUser(TypedDict):
    """A person; where a key did it, the organization stands for one, with the id 0."""

    id: int
    email: Email
    full_name: str
    username: str
    is_verified: bool
    profile_picture: UriOut


@document_only
class OrganizationOut(TypedDict):
    """A tenant."""

    id: int
    uid: UuidOut
    name: str
    slug: str
    created_at: DateTimeOut


@document_only
class MemberOut(TypedDict):
    """A person and what they may do in the organization."""

    id: int
    email: Email
    username: str
    full_name: str
    is_verified: bool
    role: Role


@document_only
class SubAccountOut(TypedDict):
    """A customer of the organization."""

    id: int
    name: str
    created_at: DateTimeOut


@document_only
class KeyOut(TypedDict):
    """A key as it may be shown: its text is gone, but for its end."""

    id: int
    name: str
    kind: KeyKind
    role: Role | None
    hint: str
    workspaces: list[int] | None
    sub_account: int | None
    settings: dict[str, Any]
    created_at: DateTimeOut
    created_by: str
    last_used_at: DateTimeOut | None
    revoked_at: DateTimeOut | None


@document_only
class NewKey(KeyOut):
    """A key with its text, which a replay under an `Idempotency-Key` goes without."""

    key: NotRequired[str]


def user_out(user: User | None, organization: Organization, base_url: str) -> SimpleUser:
    """A user; where there is none, because a key did it, the organization stands for one.

    The document has no place for null here. An address under `.invalid` reaches nobody (RFC 2606).
    """
    picture = f"{base_url}/favicon.svg"
    if user is None:
        return {
            "id": 0,
            "email": f"{organization.slug}@organizations.invalid",
            "full_name": organization.name,
            "username": organization.slug,
            "is_verified": True,
            "profile_picture": picture,
        }
    return {
        "id": user.id,
        "email": user.email,
        "full_name": user.full_name,
        "username": user.username,
        "is_verified": user.is_verified,
        "profile_picture": user.profile_picture or picture,
    }


def organization_out(organization: Organization) -> OrganizationOut:
    return {
        "id": organization.id,
        "uid": str(organization.uid),
        "name": organization.name,
        "slug": organization.slug,
        "created_at": time_out(organization.created_at),
    }


def member_out(member: tuple[User, Role]) -> MemberOut:
    user, role = member
    return {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "full_name": user.full_name,
        "is_verified": user.is_verified,
        "role": role,
    }


def sub_account_out(account: SubAccount) -> SubAccountOut:
    return {
        "id": account.id,
        "name": account.name,
        "created_at": time_out(account.created_at),
    }


def key_out(key: Key) -> KeyOut:
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "hint": key.hint,
        "workspaces": key.project_ids,
        "sub_account": key.sub_account_id,
        "settings": key.settings,
        "created_at": time_out(key.created_at),
        "created_by": key.created_by,
        "last_used_at": time_out(key.last_used_at) if key.last_used_at else None,
        "revoked_at": time_out(key.revoked_at) if key.revoked_at else None,
    }
