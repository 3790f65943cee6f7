"""The JSON of guest links."""

from typing import Annotated, cast

from pydantic import BaseModel, Field, StringConstraints
from typing_extensions import TypedDict

from playout.api.types import (
    NFC,
    NOT_A_BOOL,
    NOT_BLANK,
    DateTimeOut,
    Password,
    Rfc3339DateTime,
    UriOut,
    example,
)
from playout.api.videos.schemas.types import (
    LEFT_OUT,
    document_only,
    optional_time_out,
    time_out,
)
from playout.core.links.model import (
    MAX_VIEWS,
    NAME_LENGTH,
    GuestLink,
    LinkFields,
    LinkState,
)
from playout.core.unit import ReadUnit

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    NOT_BLANK,
    NFC,
]
ExpiresAt = Annotated[
    Rfc3339DateTime, Field(description="When the link ends; null for no such time")
]
MaxViews = Annotated[
    int,
    Field(ge=1, le=MAX_VIEWS, description="How many visitors may open it; null for any number"),
    NOT_A_BOOL,
]


class LinkPatch(BaseModel):
    """Fields of a guest link to change. A field that is left out stays as it is."""

    model_config = example(name="Review board", max_views=20)

    name: Name = LEFT_OUT
    expires_at: ExpiresAt | None = LEFT_OUT
    password: Password | None = LEFT_OUT
    max_views: MaxViews | None = LEFT_OUT

    def fields(self) -> LinkFields:
        """Return the fields that were sent."""
        return cast("LinkFields", self.model_dump(exclude_unset=True))


class LinkIn(LinkPatch):
    """A guest link to create."""

    model_config = example(name="Ada at the agency", max_views=5)

    name: Name


@document_only
class LinkOut(TypedDict):
    """A guest link. Whoever has its address may watch the video."""

    id: int
    name: str
    url: UriOut
    state: LinkState
    expires_at: DateTimeOut | None
    has_password: bool
    max_views: int | None
    views: Annotated[int, Field(description="How many visitors opened it")]
    created_at: DateTimeOut
    created_by: str
    updated_at: DateTimeOut
    revoked_at: DateTimeOut | None


def link_out(link: GuestLink, unit: ReadUnit, base_url: str) -> LinkOut:
    """Return the JSON of a guest link, with its state at this time."""
    return {
        "id": link.id,
        "name": link.name,
        "url": f"{base_url}/l/{link.slug}",
        "state": link.state(unit.now),
        "expires_at": optional_time_out(link.expires_at),
        "has_password": link.password_hash is not None,
        "max_views": link.max_views,
        "views": link.views,
        "created_at": time_out(link.created_at),
        "created_by": link.created_by,
        "updated_at": time_out(link.updated_at),
        "revoked_at": optional_time_out(link.revoked_at),
    }
