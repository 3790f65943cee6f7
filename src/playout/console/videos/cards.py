"""The values that lists and pages show of a video: its picture, its state, its address."""

from typing import Any

from playout.console.formats import short_moment
from playout.console.texts import translated
from playout.console.visit import Visit
from playout.core.media.model import Stage
from playout.core.publications.details import VideoDetails
from playout.core.videos.model import Status
from playout.kit.clock import utcnow

STAGES = {
    Stage.FETCHING: "Fetching",
    Stage.PROBING: "Checking",
    Stage.ENCODING: "Processing",
    Stage.STORING: "Storing",
}
"""The words for the stages of processing."""
WAITS = "Waits for its turn"


def card(visit: Visit, found: VideoDetails) -> dict[str, Any]:
    """Return what lists and pages show of a video."""
    video, asset = found.video, found.asset
    pictures = visit.runtime.playback.urls(video, asset, utcnow(), viewer=visit.principal).pictures
    state, word = _state(found)
    return {
        "id": video.id,
        "title": video.title,
        "picture": pictures.thumbnail,
        "duration_ms": asset.duration_ms if asset else None,
        "state": state,
        "word": word,
        "visibility": video.visibility,
        "plays": video.plays,
        "updated_at": video.updated_at,
        "page_url": (
            f"{visit.runtime.settings.base_url}/v/{found.slug}" if found.slug is not None else None
        ),
    }


def _state(found: VideoDetails) -> tuple[str, str]:
    """Return the state of a video: its sign, and its word."""
    video, pending = found.video, found.pending
    if pending is not None:
        word = translated(STAGES[pending.stage] if pending.stage else WAITS)
        progress = f" {pending.progress} %" if pending.progress is not None else ""
        return "coming", f"{word}{progress}"
    if video.status is Status.FAILED:
        return "failed", translated("Failed")
    if not video.is_draft:
        return "is", translated("Published")
    if video.publish_at is not None:
        when = short_moment(video.publish_at)
        return "coming", translated("Publishes {when}", when=when)
    return "draft", translated("Draft") if video.playable else translated("Waits for its file")
