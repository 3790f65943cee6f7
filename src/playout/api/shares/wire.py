"""The JSON of what a share is to be."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from playout.api.shares.fields import (
    CamelIn,
    Label,
    Link,
    Locale,
    Optional,
    Subtitle,
    Title,
)
from playout.core.shares.model import ShareInput

Json = dict[str, Any]

OFFER: Json = {
    "publicTitle": "Your personalized credit card offer",
    "publicSubtitle": "See the offer prepared just for you",
    "locale": "es-CL",
    "ctaLabel": "Apply now",
    "ctaUrl": "https://bank.example.com/apply",
    "personalizationData": {"firstName": "Ana", "limit": 5000},
}


def _brings(one: str, other: str) -> Json:
    """In JSON Schema: where one says something, so does the other."""
    said, needed = (
        {"properties": {name: {"type": "string", "pattern": r"\S"}}, "required": [name]}
        for name in (one, other)
    )
    return {"if": said, "then": needed}


class ShareIn(CamelIn):
    """A share, whole: what is left out goes. `ctaLabel` and `ctaUrl` come together."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [_brings("ctaLabel", "ctaUrl"), _brings("ctaUrl", "ctaLabel")],
            "examples": [OFFER],
        }
    )

    public_title: Title
    public_subtitle: Optional[Subtitle] = None
    locale: Optional[Locale] = None
    cta_label: Optional[Label] = None
    cta_url: Optional[Link] = None
    personalization_data: dict[str, Any] | None = None
    credential_id: Optional[UUID] = Field(default=None, alias="apiCredentialId")
    video_uid: Optional[UUID] = Field(default=None, alias="videoId")

    def to_input(self) -> ShareInput:
        return ShareInput(**{name: getattr(self, name) for name in type(self).model_fields})
