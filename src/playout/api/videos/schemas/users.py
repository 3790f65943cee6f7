"""The JSON of users: members of the organization, and owners of videos."""

from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playout.api.types import NFC, UriOut, example
from playout.api.videos.schemas.types import Email, ShortText, document_only
from playout.core.accounts.model import Member, Organization, former_address
from playout.core.permissions import Role


class UserIn(BaseModel):
    """A person to make a member. The role Owner is given on the command line."""

    model_config = example(email="mira@example.com", full_name="Mira Novak", role="ProjectManager")

    email: Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"}), NFC]
    full_name: ShortText = ""
    role: Role


@document_only
class UserOut(TypedDict):
    """A member and their role in the organization."""

    id: int
    email: Email
    username: str
    full_name: str
    is_verified: bool
    role: Role


class OwnerOut(TypedDict):
    """The person who owns a video, as the organization names them. A former member is only an id.
    The id 0 stands for the organization: a key created the video.

    The public document calls it `SimpleUser`.
    """

    id: int
    email: Email
    full_name: str
    username: str
    is_verified: bool
    profile_picture: UriOut


def user_out(member: Member) -> UserOut:
    """Return the JSON of a member."""
    user, membership = member
    return {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "full_name": membership.full_name,
        "is_verified": user.is_verified,
        "role": membership.role,
    }


def owner_out(
    user_id: int | None, member: Member | None, organization: Organization, base_url: str
) -> OwnerOut:
    """Return the JSON of the owner of a video, which is the organization where there is no user.

    `member` is None for a user who is a member no more. The public document does not allow null
    here. An address under `.invalid` reaches nobody (RFC 2606).
    """
    picture = f"{base_url}/favicon.svg"
    if user_id is None:
        return {
            "id": 0,
            "email": f"{organization.slug}@organizations.invalid",
            "full_name": organization.name,
            "username": organization.slug,
            "is_verified": True,
            "profile_picture": picture,
        }
    if member is None:
        return {
            "id": user_id,
            "email": former_address(user_id),
            "full_name": "Former member",
            "username": f"user-{user_id}",
            "is_verified": False,
            "profile_picture": picture,
        }
    user, membership = member
    return {
        "id": user.id,
        "email": user.email,
        "full_name": membership.full_name,
        "username": user.username,
        "is_verified": user.is_verified,
        "profile_picture": membership.profile_picture or picture,
    }
