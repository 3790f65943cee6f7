"""The JSON of captions."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut
from playout.api.videos.schemas.types import document_only, time_out
from playout.core.media.captions import Caption, CaptionOrigin
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video
from playout.transcode.names import CAPTIONS


@document_only
class CaptionsOut(TypedDict):
    """Captions in one language. `url` is a WebVTT file."""

    language: str
    label: str
    source: Annotated[
        CaptionOrigin, Field(description="`embedded` if the source of the video contains them")
    ]
    default: bool
    url: UriOut
    cues: int
    created_at: DateTimeOut
    updated_at: DateTimeOut


def captions_out(unit: ReadUnit, video: Video, caption: Caption, playback: Playback) -> CaptionsOut:
    """Return the JSON of the captions of a video in one language, for the caller."""
    file_url = playback.url_builder(video, unit.now, viewer=unit.principal)
    return {
        "language": caption.language,
        "label": caption.label,
        "source": caption.origin,
        "default": caption.is_default,
        "url": file_url(caption.version, f"{CAPTIONS}.vtt"),
        "cues": caption.cues,
        "created_at": time_out(caption.created_at),
        "updated_at": time_out(caption.updated_at),
    }
