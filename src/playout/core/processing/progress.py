"""How far the work on a video is."""

from dataclasses import dataclass

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState, Stage
from playout.core.unit import ReadUnit
from playout.core.videos import service
from playout.core.videos.model import Status, Video


@dataclass(frozen=True, slots=True)
class Standing:
    """A video, what is being made of it, and the renditions that are there."""

    video: Video
    pending: Asset | None
    playing: Asset | None
    renditions: tuple[str, ...]

    @property
    def stage(self) -> Stage | None:
        return self.pending.stage if self.pending else None

    @property
    def progress(self) -> int:
        """Per cent until it plays, or until what is to take its place does."""
        if self.pending is not None:
            return self.pending.progress
        return 100 if self.video.status is Status.COMPLETED else 0

    @property
    def ladder(self) -> LadderState | None:
        return self.playing.ladder if self.playing else None

    @property
    def is_working(self) -> bool:
        """Whether there is more to come without anybody doing anything."""
        is_climbing = self.playing is not None and self.playing.is_climbing
        return self.pending is not None or is_climbing


def standing(unit: ReadUnit, video_id: int) -> Standing:
    """How far the work on a video is that the caller may see; else `NotFound`."""
    video = service.get(unit, video_id)
    found = assets.by_ids(unit, {each for each in (video.asset_id, video.pending_asset_id) if each})
    playing = found.get(video.asset_id)
    there = assets.renditions(unit, [playing.id]) if playing else []
    names = tuple(each.name for each in there)
    return Standing(video, found.get(video.pending_asset_id), playing, names)
