"""The JSON of the Publications API. Aliases end here."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.alias_generators import to_camel

from playout.api.fields import AspectRatio, Description, Language, Title, Url
from playout.core.media.model import Asset
from playout.core.publications.model import (
    FIELDS,
    PROMPT_LENGTH,
    SLUG_LENGTH,
    SLUG_PATTERN,
    TAG_COUNT,
    TAG_LENGTH,
    TEXT_LENGTH,
    Publication,
    Wanted,
)
from playout.core.videos.model import Video
from playout.core.videos.playback import Playback


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


SessionId = Annotated[str, BeforeValidator(_lower), AfterValidator(_session_id)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LENGTH)]
Slug = Annotated[
    str,
    BeforeValidator(_lower),
    StringConstraints(pattern=f"^{SLUG_PATTERN}$", max_length=SLUG_LENGTH),
]
Tag = Annotated[str, StringConstraints(max_length=TAG_LENGTH)]


def _either(*names: str) -> Any:
    """A field that goes by several names; the first that is present wins."""
    return Field(default=None, validation_alias=AliasChoices(*names))


class Nested(BaseModel):
    """A body may be flat, or nested under `input`; unknown fields are ignored."""

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, body: Any) -> Any:
        if isinstance(body, dict) and isinstance(body.get("input"), dict):
            return body | body["input"]
        return body


class FieldsIn(Nested):
    """What a caller says of a publication."""

    title: Title | None = None
    description: Description | None = None
    tags: Annotated[list[Tag], BeforeValidator(_tags), Field(max_length=TAG_COUNT)] | None = None
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
    has_subtitles: bool | None = _either(
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


Json = dict[str, Any]


def publication_out(
    publication: Publication, video: Video, asset: Asset | None, playback: Playback, now: datetime
) -> Json:
    """A publication, each field in both spellings."""
    addresses = playback.addresses(video, asset, now)
    shown = publication.shown(video)
    fields: Json = {
        "publication_id": publication.id,
        "session_id": video.session_id,
        "video_url": addresses.video,
        "page_url": f"{playback.base_url}/v/{publication.slug}",
        "slug": publication.slug,
        **shown,
        "description": shown["description"] or "",
        "splash_image": publication.splash_image or addresses.poster,
        "language": shown["session_language"],
        "created_at": _time(publication.created_at),
        "updated_at": _time(publication.updated_at),
    }
    return {"id": publication.id} | fields | {to_camel(name): fields[name] for name in fields}


def session_out(video: Video, publication: Publication | None, video_url: str | None) -> Json:
    """A session, as far as publishing concerns it."""
    return {
        "id": video.session_id,
        "session_id": video.session_id,
        "is_published": publication is not None,
        "published_publication_id": publication.id if publication else None,
        "published_video_url": video_url if publication else None,
        "published_at": _time(publication.created_at) if publication else None,
    }


def completed_out(video: Video, asset: Asset | None, playback: Playback, now: datetime) -> Json:
    """A completed session; `langauge` is how the public client spells it."""
    language = video.language or "en"
    return {
        "session_id": video.session_id,
        "result_url": playback.addresses(video, asset, now).video,
        "title": video.title,
        "has_subtitles": video.has_subtitles,
        "result_language": video.language,
        "language": language,
        "langauge": language,
        "created_at": _time(video.created_at),
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
