"""Decides who may change a video. All use cases of core that change one ask here."""

from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video
from playout.kit.errors import Forbidden


def check_may_change(unit: ReadUnit, *videos: Video) -> None:
    """Raise `Forbidden` unless the caller may change all of the videos.

    A draft needs `videos:write`. Whatever changes in a published video may be seen by its viewers
    at once, so that it needs `videos:publish`, as publishing does. Lock a video before this check:
    it may be published at the same time.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    if not may_change(unit, *videos):
        raise Forbidden(
            f"The video is published, and to change it needs {Permission.VIDEOS_PUBLISH}."
        )


def may_change(unit: ReadUnit, *videos: Video) -> bool:
    """Return whether the caller may change all of the videos, as they are now."""
    is_published = any(not video.is_draft for video in videos)
    needed = Permission.VIDEOS_PUBLISH if is_published else Permission.VIDEOS_WRITE
    return unit.principal.may(needed)
