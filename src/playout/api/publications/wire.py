"""The JSON that the Publications API takes. Aliases end here."""

from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

from playout.api.publications.aliases import OrNested, tell_aliases
from playout.api.publications.fields import Line, SessionId, Slug, Tags
from playout.api.types import AspectRatio, Description, Flag, Language, Title, Url, example
from playout.core.publications.model import FIELDS, PROMPT_LENGTH, Wanted


def _either(*names: str) -> Any:
    """A field that goes by several names; the first that is present wins."""
    return Field(default=None, validation_alias=AliasChoices(*names))


SESSION = {"session_id": "66ff0c2e8a41d7b3905e6a12"}
TEASER = {
    "title": "Running shoe teaser",
    "description": "Launch-day vertical cut",
    "tags": ["launch", "footwear"],
    "creator_handle": "acme",
    "aspect_ratio": "9:16",
    "has_subtitles": True,
    "session_language": "en",
    "language_string": "English",
}


class Nested(BaseModel):
    """A body may be flat, or nested under `input`; unknown fields are ignored."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core)
        tell_aliases(handler.resolve_ref_schema(schema), cls.model_fields)
        return schema

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("input"), dict):
            return body | body["input"]
        return body


class FieldsIn(Nested):
    """What a caller says of a publication."""

    model_config = example(**TEASER)

    title: Title | None = None
    description: Description | None = None
    tags: Tags | None = None
    slug: Slug | None = None
    creator_handle: Line | None = _either("creator_handle", "creatorHandle")
    image_hash: Line | None = _either("image_hash", "imageHash")
    splash_image: Url | None = _either("splash_image", "splashImage")
    image_model: Line | None = _either("image_model", "imageModel")
    video_model: Line | None = _either("video_model", "videoModel")
    original_prompt: Annotated[str, StringConstraints(max_length=PROMPT_LENGTH)] | None = _either(
        "original_prompt", "originalPrompt", "prompt"
    )
    aspect_ratio: AspectRatio | None = _either("aspect_ratio", "aspectRatio")
    has_subtitles: Flag | None = _either(
        "has_subtitles", "hasSubtitles", "enable_subtitles", "enableSubtitles"
    )
    session_language: Language | None = _either(
        "session_language", "sessionLanguage", "language", "language_code"
    )
    language_string: Line | None = _either("language_string", "languageString")

    def to_wanted(self, session_id: str) -> Wanted:
        sent = {name: getattr(self, name) for name in FIELDS if name in self.model_fields_set}
        return Wanted(session_id, sent, self.slug)


class SessionIn(Nested):
    """A body that names a session."""

    model_config = example(**SESSION)

    session_id: SessionId = Field(
        validation_alias=AliasChoices(
            "session_id",
            "sessionId",
            "sessionID",
            "video_session_id",
            "videoSessionId",
            "videoSessionID",
            "id",
        )
    )


class PublicationIn(FieldsIn, SessionIn):
    """A session and what is said of its publication."""

    model_config = example(**SESSION, **TEASER)


FieldsBody = Annotated[FieldsIn, OrNested()]
SessionBody = Annotated[SessionIn, OrNested()]
PublicationBody = Annotated[PublicationIn, OrNested()]
