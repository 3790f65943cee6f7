"""The JSON of organizations."""

from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UuidOut
from playout.api.videos.schemas.types import document_only, time_out
from playout.core.accounts.model import Organization


@document_only
class OrganizationOut(TypedDict):
    """A tenant."""

    id: int
    uid: UuidOut
    name: str
    slug: str
    created_at: DateTimeOut


def organization_out(organization: Organization) -> OrganizationOut:
    """Return the JSON of an organization."""
    return {
        "id": organization.id,
        "uid": str(organization.uid),
        "name": organization.name,
        "slug": organization.slug,
        "created_at": time_out(organization.created_at),
    }
