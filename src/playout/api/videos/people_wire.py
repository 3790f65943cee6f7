"""The JSON of people, organisations and keys; a person is `SimpleUser` of the public document."""

from typing import Any

from playout.api.videos.times import time_out
from playout.core.accounts.model import Key, Organization, SubAccount, User
from playout.core.permissions import Role


def user_out(user: User | None, organization: Organization, base_url: str) -> dict[str, Any]:
    """A user; where there is none, because a key did it, the organisation stands for one.

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


def organization_out(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "uid": str(organization.uid),
        "name": organization.name,
        "slug": organization.slug,
        "created_at": time_out(organization.created_at),
    }


def member_out(member: tuple[User, Role]) -> dict[str, Any]:
    user, role = member
    return {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "full_name": user.full_name,
        "is_verified": user.is_verified,
        "role": role,
    }


def sub_account_out(account: SubAccount) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "created_at": time_out(account.created_at),
    }


def key_out(key: Key) -> dict[str, Any]:
    """A key as it may be shown: its text is gone, but for its end."""
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "hint": key.hint,
        "workspaces": key.project_ids,
        "sub_account": key.sub_account_id,
        "created_at": time_out(key.created_at),
        "created_by": key.created_by,
        "last_used_at": time_out(key.last_used_at) if key.last_used_at else None,
        "revoked_at": time_out(key.revoked_at) if key.revoked_at else None,
    }
