"""The JSON of the processing of sessions."""

from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.publications.schemas.publications import NestableIn, SessionIn
from playout.api.publications.schemas.types import SessionId
from playout.api.types import UriOut, example
from playout.core.playback.playback import PlaybackUrls
from playout.core.processing.assembly import MAX_SECTIONS
from playout.core.processing.control import CANCELLED
from playout.core.videos.model import Status, Video

STATUS = {
    Status.NOT_STARTED: "PENDING",
    Status.IN_PROGRESS: "PROCESSING",
    Status.COMPLETED: "COMPLETED",
    Status.FAILED: "FAILED",
}


def _unblended(blends: bool) -> bool:
    if blends:
        raise ValueError("must be false: Playout joins videos without blending")
    return blends


Unblended = Annotated[
    bool, AfterValidator(_unblended), WithJsonSchema({"type": "boolean", "const": False})
]


class CancelIn(SessionIn):
    """The session whose processing is cancelled."""

    session_id: SessionId = Field(
        validation_alias=AliasChoices(
            "session_id",
            "sessionId",
            "sessionID",
            "video_session_id",
            "videoSessionId",
            "videoSessionID",
            "request_id",
            "requestId",
            "id",
        )
    )


class JoinIn(NestableIn):
    """Sessions whose videos are joined, in this order."""

    model_config = example(session_ids=["66ff0c2e8a41d7b3905e6a12", "66ff0c2e8a41d7b3905e6a13"])

    session_ids: Annotated[list[SessionId], Field(min_length=2, max_length=MAX_SECTIONS)] = Field(
        validation_alias=AliasChoices(
            "session_ids", "sessionIds", "video_session_ids", "videoSessionIds"
        )
    )
    blend_scenes: Unblended = Field(
        default=False, validation_alias=AliasChoices("blend_scenes", "blendScenes")
    )


class LatestVersionOut(TypedDict):
    """The final video of a session. `result_url` is null while there is none."""

    session_id: str
    result_url: UriOut | None
    has_subtitles: bool | None
    result_language: str | None
    status: str
    message: str | None


class SessionStatusOut(LatestVersionOut):
    """The state of a session: `PENDING`, `PROCESSING`, `COMPLETED`, `FAILED` or `CANCELLED`."""

    request_id: str
    type: str
    thumbnail_url: UriOut | None


class RequestOut(TypedDict):
    """A session that is processed, or is not any more."""

    request_id: str
    session_id: str
    sessionID: str
    status: str
    message: str | None


class CancelOut(RequestOut):
    """A session whose processing was cancelled."""

    cancelled: bool


def state_of(video: Video) -> str:
    """Return the state of a session."""
    if video.status is Status.FAILED and video.failure_reason == CANCELLED:
        return "CANCELLED"
    return STATUS[video.status]


def latest_version_out(video: Video, addresses: PlaybackUrls) -> LatestVersionOut:
    """Return the JSON of the final video of a session."""
    return {
        "session_id": video.session_id,
        "has_subtitles": video.is_subtitled,
        "result_language": video.language,
        "result_url": addresses.video or None,
        "status": state_of(video),
        "message": video.failure_reason,
    }


def session_status_out(video: Video, addresses: PlaybackUrls) -> SessionStatusOut:
    """Return the JSON of the state of a session."""
    return {
        **latest_version_out(video, addresses),
        "request_id": video.session_id,
        "type": "video",
        "thumbnail_url": addresses.poster,
    }


def request_out(video: Video) -> RequestOut:
    """Return the JSON of a session that is processed, or is not any more."""
    return {
        "request_id": video.session_id,
        "session_id": video.session_id,
        "sessionID": video.session_id,
        "status": state_of(video),
        "message": video.failure_reason,
    }
