"""The tracks of a player: captions, as the page names them."""

from datetime import datetime

from sqlalchemy.orm import Session

from playout.core.media import queries
from playout.core.media.model import CAPTIONS
from playout.core.videos.model import Video
from playout.pages.views import CaptionTrack
from playout.runtime import Runtime


def captions(
    runtime: Runtime, session: Session, video: Video, now: datetime, through: str
) -> tuple[CaptionTrack, ...]:
    """The captions of a video that is shown; `through` is as for `Playback.addresses`."""
    if not video.caption_languages:
        return ()
    at = runtime.playback.places(video, now, through)
    return tuple(
        CaptionTrack(
            url=at(each.version, f"{CAPTIONS}.vtt"),
            language=each.language,
            label=each.label,
            default=each.is_default,
        )
        for each in queries.captions(session, video.id)
    )
