"""The JSON of the Publications API. Aliases end here."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from playout.api.fields import AspectRatio, Description, Flag, Language, Title, Url
from playout.api.publications.aliases import tell_aliases
from playout.core.publications.model import (
    FIELDS,
    PROMPT_LENGTH,
    SLUG_LENGTH,
    SLUG_PATTERN,
    TAG_COUNT,
    TAG_LENGTH,
    TEXT_LENGTH,
    Wanted,
)


def _tags(value: object) -> object:
    """An array, or one comma-separated string; blanks and repetitions are dropped."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return value
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _session_id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{24}", text):
        raise ValueError("must be 24 hexadecimal digits")
    return text


SessionId = Annotated[
    str,
    BeforeValidator(_lower),
    AfterValidator(_session_id),
    WithJsonSchema({"type": "string", "pattern": "^[0-9A-Fa-f]{24}$"}),
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH)]
Slug = Annotated[
    str,
    BeforeValidator(_lower),
    StringConstraints(pattern=f"^{SLUG_PATTERN}$", max_length=SLUG_LENGTH),
    Field(json_schema_extra={"pattern": f"^{SLUG_PATTERN.replace('a-z', 'A-Za-z')}$"}),
]
Tag = Annotated[str, StringConstraints(max_length=TAG_LENGTH)]
ONE_TAG = f"[^,]{{0,{TAG_LENGTH}}}"
Tags = Annotated[
    list[Tag],
    BeforeValidator(_tags),
    Field(max_length=TAG_COUNT),
    WithJsonSchema(
        {
            "description": "An array, or one text with commas between the tags.",
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": "string", "maxLength": TAG_LENGTH},
                    "maxItems": TAG_COUNT,
                },
                {
                    "type": "string",
                    "pattern": f"^{ONE_TAG}(,{ONE_TAG}){{0,{TAG_COUNT - 1}}}$",
                },
            ],
        }
    ),
]


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


def _example(**fields: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


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

    model_config = _example(**TEASER)

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

    model_config = _example(**SESSION)

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

    model_config = _example(**SESSION, **TEASER)


class OrNested:
    """Tells the document that a body may stand under `input` as well."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        flat = handler(core)
        nested = {"type": "object", "properties": {"input": flat}, "required": ["input"]}
        return {"anyOf": [flat, nested]}


FieldsBody = Annotated[FieldsIn, OrNested()]
SessionBody = Annotated[SessionIn, OrNested()]
PublicationBody = Annotated[PublicationIn, OrNested()]
