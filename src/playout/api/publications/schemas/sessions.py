"""The JSON of sessions: videos, as this API calls them."""

from collections.abc import Sequence

from typing_extensions import TypedDict

from playout.api.publications.schemas.types import time_out
from playout.api.types import DateTimeOut, UriOut
from playout.core.media import queries as assets
from playout.core.playback.playback import Playback
from playout.core.publications.model import Publication
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


class SessionOut(TypedDict):
    """A session, with the fields that publishing changes."""

    id: str
    session_id: str
    is_published: bool
    published_publication_id: str | None
    published_video_url: UriOut | None
    published_at: DateTimeOut | None


class CompletedSessionOut(TypedDict):
    """A session that has a final video. `langauge` is what the public client calls `language`."""

    session_id: str
    result_url: UriOut
    title: str
    has_subtitles: bool | None
    result_language: str | None
    language: str
    langauge: str
    created_at: DateTimeOut


def session_out(video: Video, publication: Publication | None, video_url: str | None) -> SessionOut:
    """Return the JSON of a session, with its publication if it has one."""
    return {
        "id": video.session_id,
        "session_id": video.session_id,
        "is_published": publication is not None,
        "published_publication_id": publication.id if publication else None,
        "published_video_url": video_url if publication else None,
        "published_at": time_out(publication.created_at) if publication else None,
    }


def completed_sessions_out(
    unit: ReadUnit, videos: Sequence[Video], playback: Playback
) -> list[CompletedSessionOut]:
    """Return the JSON of completed sessions. The assets of their videos are loaded in one query."""
    assets_by_id = assets.by_ids(unit, {video.asset_id for video in videos if video.asset_id})

    def result_url(video: Video) -> str:
        asset = assets_by_id.get(video.asset_id)
        return playback.urls(video, asset, unit.now, viewer=unit.principal).video

    return [
        {
            "session_id": video.session_id,
            "result_url": result_url(video),
            "title": video.title,
            "has_subtitles": video.is_subtitled,
            "result_language": video.language,
            "language": video.language or "en",
            "langauge": video.language or "en",
            "created_at": time_out(video.created_at),
        }
        for video in videos
    ]
