"""Cancel the processing of a video, or retry it."""

from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState
from playout.core.permissions import Permission
from playout.core.processing.ladder import encode_ladder
from playout.core.unit import WriteUnit
from playout.core.videos import service, sources
from playout.core.videos.model import Video
from playout.kit.errors import Conflict

CANCELLED = "Cancelled."


def cancel(unit: WriteUnit, video_id: int) -> Video:
    """Stop the processing of a video. What plays already goes on playing.

    Raise `Conflict` if the video is not being processed.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    seen = service.get(unit, video_id)
    video, asset = _lock(unit, video_id, seen.pending_asset_id or seen.asset_id)
    if asset is not None and video.pending_asset_id == asset.id:
        sources.fail_processing(unit, asset, CANCELLED)
    elif asset is not None and video.asset_id == asset.id and asset.ladder_pending:
        before = asset.ladder
        asset.fail_ladder(CANCELLED)
        _record_ladder(unit, video, before, LadderState.FAILED)
    else:
        raise Conflict("The video is not being processed.")
    return video


def retry(unit: WriteUnit, video_id: int) -> Video:
    """Process a video again that failed or was cancelled, with the source that it has.

    Raise `Conflict` if nothing failed.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    seen = service.get(unit, video_id)
    video, asset = _lock(unit, video_id, seen.failed_asset_id or seen.asset_id)
    if asset is not None and video.failed_asset_id == asset.id:
        asset.retry()
        sources.record_transition(unit, video, lambda: sources.start_processing(unit, video, asset))
    elif asset is not None and video.asset_id == asset.id and asset.ladder is LadderState.FAILED:
        asset.retry_ladder()
        unit.defer(encode_ladder, asset.id)
        _record_ladder(unit, video, LadderState.FAILED, LadderState.WAITING)
    else:
        raise Conflict("Nothing has failed that could be tried again.")
    return video


def _lock(unit: WriteUnit, video_id: int, asset_id: UUID | None) -> tuple[Video, Asset | None]:
    """Lock the asset and then the video, in the order in which workers lock them."""
    asset = assets.for_update(unit, asset_id) if asset_id else None
    return service.get_for_update(unit, video_id), asset


def _record_ladder(
    unit: WriteUnit, video: Video, before: LadderState | None, after: LadderState
) -> None:
    unit.record("video.status_changed", video, {"ladder": [before, after]})
    sources.processing_changed(unit, video)
