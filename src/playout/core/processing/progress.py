"""The progress of the processing of a video."""

from dataclasses import dataclass

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState, Stage
from playout.core.unit import ReadUnit
from playout.core.videos import service
from playout.core.videos.model import Status, Video


@dataclass(frozen=True, slots=True)
class ProcessingStatus:
    """A video, the asset that is processed, the asset that plays, and its finished renditions."""

    video: Video
    pending: Asset | None
    playing: Asset | None
    renditions: tuple[str, ...]

    @property
    def stage(self) -> Stage | None:
        return self.pending.stage if self.pending else None

    @property
    def progress(self) -> int:
        """Per cent until the video plays, or until its new source replaces the old one."""
        if self.pending is not None:
            return self.pending.progress
        return 100 if self.video.status is Status.COMPLETED else 0

    @property
    def ladder(self) -> LadderState | None:
        return self.playing.ladder if self.playing else None

    @property
    def is_working(self) -> bool:
        """Return whether a worker still has something to do, or will have it."""
        ladder_pending = self.playing is not None and self.playing.ladder_pending
        return self.pending is not None or ladder_pending


def processing_status(unit: ReadUnit, video_id: int) -> ProcessingStatus:
    """Return how far the processing of a video is.

    Raise `NotFound` unless the caller may see the video.
    """
    video = service.get(unit, video_id)
    found = assets.by_ids(unit, {each for each in (video.asset_id, video.pending_asset_id) if each})
    playing = found.get(video.asset_id)
    renditions = assets.renditions(unit, [playing.id]) if playing else []
    names = tuple(each.name for each in renditions)
    return ProcessingStatus(video, found.get(video.pending_asset_id), playing, names)
