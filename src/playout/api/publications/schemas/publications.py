"""The JSON of publications."""

from typing import Annotated, Any, cast

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
    with_config,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from playout.api.publications.schemas.aliases import AlsoNested, OrNested, add_aliases
from playout.api.publications.schemas.sessions import SessionOut, session_out
from playout.api.publications.schemas.types import SessionId, ShortText, Slug, Tags, time_out
from playout.api.types import (
    NFC,
    AspectRatio,
    DateTimeOut,
    Description,
    Flag,
    Language,
    Title,
    UriOut,
    Url,
    example,
)
from playout.core.media import queries as assets
from playout.core.playback.playback import Playback
from playout.core.publications.model import (
    FIELDS,
    PROMPT_LENGTH,
    Publication,
    PublicationFields,
    PublishInput,
)
from playout.core.publications.service import PublishResult
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video

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


def _names(*names: str) -> Any:
    """Return a field with several names. The first of them that is sent counts."""
    return Field(default=None, validation_alias=AliasChoices(*names))


class NestableIn(BaseModel):
    """A body that is flat, or nested under `input`. Unknown fields are ignored."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core)
        add_aliases(handler.resolve_ref_schema(schema), cls.model_fields)
        return schema

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("input"), dict):
            return body | body["input"]
        return body


class FieldsIn(NestableIn):
    """The fields of a publication. One that is not sent keeps its value; null means the video's."""

    model_config = example(**TEASER)

    title: Title | None = None
    description: Description | None = None
    tags: Tags | None = None
    slug: Slug | None = None
    creator_handle: ShortText | None = _names("creator_handle", "creatorHandle")
    image_hash: ShortText | None = _names("image_hash", "imageHash")
    splash_image: Url | None = _names("splash_image", "splashImage")
    image_model: ShortText | None = _names("image_model", "imageModel")
    video_model: ShortText | None = _names("video_model", "videoModel")
    original_prompt: Annotated[str, StringConstraints(max_length=PROMPT_LENGTH), NFC] | None = (
        _names("original_prompt", "originalPrompt", "prompt")
    )
    aspect_ratio: AspectRatio | None = _names("aspect_ratio", "aspectRatio")
    has_subtitles: Flag | None = _names(
        "has_subtitles", "hasSubtitles", "enable_subtitles", "enableSubtitles"
    )
    session_language: Language | None = _names(
        "session_language", "sessionLanguage", "language", "language_code"
    )
    language_string: ShortText | None = _names("language_string", "languageString")

    def to_input(self, session_id: str) -> PublishInput:
        """Return the fields that were sent, for the publication of that session."""
        sent = {name: getattr(self, name) for name in FIELDS if name in self.model_fields_set}
        return PublishInput(session_id, cast("PublicationFields", sent), self.slug)


class SessionIn(NestableIn):
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
    """A session, and the fields of its publication."""

    model_config = example(**SESSION, **TEASER)


FieldsBody = Annotated[FieldsIn, AlsoNested()]
SessionBody = Annotated[SessionIn, OrNested()]
PublicationBody = Annotated[PublicationIn, OrNested()]


def _add_camel_case(schema: dict[str, Any]) -> None:
    """Add every field to the schema once more, under its name in camelCase."""
    fields = schema["properties"]
    schema["properties"] = fields | {CAMEL_CASE[name]: field for name, field in fields.items()}
    schema["required"] = list(schema["properties"])


@with_config(ConfigDict(json_schema_extra=_add_camel_case))
class PublicationOut(TypedDict):
    """A publication. Each field is there in snake_case and in camelCase."""

    id: str
    publication_id: str
    session_id: str
    video_url: UriOut
    page_url: UriOut
    slug: str
    title: str
    description: str
    tags: list[str]
    creator_handle: str | None
    image_hash: str | None
    splash_image: UriOut | None
    image_model: str | None
    video_model: str | None
    original_prompt: str | None
    aspect_ratio: str | None
    has_subtitles: bool | None
    session_language: str | None
    language_string: str | None
    language: str | None
    created_at: DateTimeOut
    updated_at: DateTimeOut


CAMEL_CASE = {name: to_camel(name) for name in PublicationOut.__annotations__}
"""The name in camelCase of each field in snake_case."""


class SessionIdsOut(TypedDict):
    """The id of the session, in snake_case and in camelCase."""

    session_id: str
    sessionId: str


class EditOut(SessionIdsOut):
    """An edited publication and its session."""

    publication_id: str
    publication: PublicationOut
    session: SessionOut


class PublishOut(EditOut):
    """A publication and its session. `created` is false when the session was published before."""

    created: bool


class RevokeOut(SessionIdsOut):
    """The id of a revoked publication, and its session."""

    revoked: bool
    publication_id: str
    session: SessionOut


def publish_out(unit: ReadUnit, result: PublishResult, playback: Playback) -> PublishOut:
    """Return the JSON of a publication that was created or updated."""
    return {"created": result.created, **edit_out(unit, result, playback)}


def edit_out(unit: ReadUnit, result: PublishResult, playback: Playback) -> EditOut:
    """Return the JSON of a publication that was edited."""
    publication = publication_out(unit, result.publication, result.video, playback)
    return {
        "publication_id": result.publication.id,
        "publication": publication,
        "session": session_out(result.video, result.publication, publication["video_url"]),
        **_session_ids_out(result.video),
    }


def revoke_out(publication_id: str, video: Video) -> RevokeOut:
    """Return the JSON of a publication that was revoked."""
    return {
        "revoked": True,
        "publication_id": publication_id,
        "session": session_out(video, None, None),
        **_session_ids_out(video),
    }


def publication_out(
    unit: ReadUnit, publication: Publication, video: Video, playback: Playback
) -> PublicationOut:
    """Return the JSON of a publication. The asset of its video is loaded."""
    # Nothing of the asset has changed: what has is written with the commit.
    with unit.session.no_autoflush:
        assets_by_id = assets.by_ids(unit, {video.asset_id} if video.asset_id else set())
    asset = assets_by_id.get(video.asset_id)
    addresses = playback.urls(video, asset, unit.now, viewer=unit.principal)
    shown = publication.public_fields(video)
    fields: PublicationOut = {
        "id": publication.id,
        "publication_id": publication.id,
        "session_id": video.session_id,
        "video_url": addresses.video,
        "page_url": f"{playback.base_url}/v/{publication.slug}",
        "slug": publication.slug,
        "title": shown["title"],
        "description": shown["description"] or "",
        "tags": shown["tags"],
        "creator_handle": shown["creator_handle"],
        "image_hash": shown["image_hash"],
        "splash_image": shown["splash_image"] or addresses.poster,
        "image_model": shown["image_model"],
        "video_model": shown["video_model"],
        "original_prompt": shown["original_prompt"],
        "aspect_ratio": shown["aspect_ratio"],
        "has_subtitles": shown["has_subtitles"],
        "session_language": shown["session_language"],
        "language_string": shown["language_string"],
        "language": shown["session_language"],
        "created_at": time_out(publication.created_at),
        "updated_at": time_out(publication.updated_at),
    }
    camel_case = {CAMEL_CASE[name]: value for name, value in fields.items()}
    return cast(PublicationOut, {**fields, **camel_case})


def _session_ids_out(video: Video) -> SessionIdsOut:
    return {"session_id": video.session_id, "sessionId": video.session_id}
