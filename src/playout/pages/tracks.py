"""The captions that the player of a page offers."""

from sqlalchemy.orm import Session

from playout.core.media import queries
from playout.core.playback.pictures import UrlBuilder
from playout.core.videos.model import Video
from playout.pages.views import CaptionTrack
from playout.transcode.names import CAPTIONS


def captions(session: Session, video: Video, url_of: UrlBuilder) -> tuple[CaptionTrack, ...]:
    """Return the captions of a video that may be shown, with URLs that `url_of` makes."""
    if not video.caption_languages:
        return ()
    return tuple(
        CaptionTrack(
            url=url_of(each.version, f"{CAPTIONS}.vtt"),
            language=each.language,
            label=each.label,
            default=each.is_default,
        )
        for each in queries.captions(session, video.id)
    )
