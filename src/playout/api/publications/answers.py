"""What the Publications API answers."""

from datetime import datetime
from typing import Any, cast

from pydantic import ConfigDict, with_config
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut
from playout.core.media.model import Asset
from playout.core.playback.grants import Playback
from playout.core.publications.model import Publication
from playout.core.videos.model import Video


def _both_spellings(schema: dict[str, Any]) -> None:
    fields = schema["properties"]
    schema["properties"] = fields | {CAMEL[name]: field for name, field in fields.items()}
    schema["required"] = list(schema["properties"])


@with_config(ConfigDict(json_schema_extra=_both_spellings))
class PublicationOut(TypedDict):
    """A publication, each field in snake_case and in camelCase."""

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


CAMEL = {name: to_camel(name) for name in PublicationOut.__annotations__}


class SessionOut(TypedDict):
    """A session, as far as publishing concerns it."""

    id: str
    session_id: str
    is_published: bool
    published_publication_id: str | None
    published_video_url: UriOut | None
    published_at: DateTimeOut | None


class Named(TypedDict):
    """The session that it is about."""

    session_id: str
    sessionId: str


class Edited(Named):
    """What became of a publication."""

    publication_id: str
    publication: PublicationOut
    session: SessionOut


class Published(Edited):
    """What became of a publication; `created` says whether it is a new one."""

    created: bool


class Revoked(Named):
    """The id that a publication had."""

    revoked: bool
    publication_id: str
    session: SessionOut


class CompletedOut(TypedDict):
    """A completed session; `langauge` is how the public client spells it."""

    session_id: str
    result_url: UriOut
    title: str
    has_subtitles: bool | None
    result_language: str | None
    language: str
    langauge: str
    created_at: DateTimeOut


def publication_out(
    publication: Publication, video: Video, asset: Asset | None, playback: Playback, now: datetime
) -> PublicationOut:
    addresses = playback.addresses(video, asset, now)
    shown = publication.shown(video)
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
        "created_at": _time(publication.created_at),
        "updated_at": _time(publication.updated_at),
    }
    camel = {CAMEL[name]: value for name, value in fields.items()}
    return cast(PublicationOut, {**fields, **camel})


def session_out(video: Video, publication: Publication | None, video_url: str | None) -> SessionOut:
    return {
        "id": video.session_id,
        "session_id": video.session_id,
        "is_published": publication is not None,
        "published_publication_id": publication.id if publication else None,
        "published_video_url": video_url if publication else None,
        "published_at": _time(publication.created_at) if publication else None,
    }


def completed_out(
    video: Video, asset: Asset | None, playback: Playback, now: datetime
) -> CompletedOut:
    language = video.language or "en"
    return {
        "session_id": video.session_id,
        "result_url": playback.addresses(video, asset, now).video,
        "title": video.title,
        "has_subtitles": video.is_subtitled,
        "result_language": video.language,
        "language": language,
        "langauge": language,
        "created_at": _time(video.created_at),
    }


def named(video: Video) -> Named:
    return {"session_id": video.session_id, "sessionId": video.session_id}


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
