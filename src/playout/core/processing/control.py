"""What a caller does with work that is under way: stop it, or have it tried again."""

from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState
from playout.core.permissions import Permission
from playout.core.unit import WriteUnit
from playout.core.videos import service
from playout.core.videos import sources as making
from playout.core.videos.model import Video
from playout.kit.errors import Conflict

CANCELLED = "Cancelled."


def cancel(unit: WriteUnit, video_id: int) -> Video:
    """Stop what is being made of a video; what plays already plays on.

    Raises `Conflict` when nothing is.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    seen = service.get(unit, video_id)
    video, asset = _both(unit, video_id, seen.pending_asset_id or seen.asset_id)
    if asset is not None and video.pending_asset_id == asset.id:
        making.give_up(unit, asset, CANCELLED)
    elif asset is not None and video.asset_id == asset.id and asset.is_climbing:
        before = asset.ladder
        asset.fall(CANCELLED)
        _tell(unit, video, before, LadderState.FAILED)
    else:
        raise Conflict("Nothing is being made of the video.")
    return video


def retry(unit: WriteUnit, video_id: int) -> Video:
    """Have tried again what failed or was cancelled, with the source that is there already.

    Raises `Conflict` when nothing did.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    seen = service.get(unit, video_id)
    video, asset = _both(unit, video_id, seen.failed_asset_id or seen.asset_id)
    if asset is not None and video.failed_asset_id == asset.id:
        asset.start_again()
        making.change(unit, video, lambda: making.begin(unit, video, asset, _first_job(asset)))
    elif asset is not None and video.asset_id == asset.id and asset.ladder is LadderState.FAILED:
        asset.climb_again()
        unit.defer("videos.ladder", asset_id=str(asset.id))
        _tell(unit, video, LadderState.FAILED, LadderState.WAITING)
    else:
        raise Conflict("Nothing has failed that could be tried again.")
    return video


def _both(unit: WriteUnit, video_id: int, asset_id: UUID | None) -> tuple[Video, Asset | None]:
    """The video and the asset that it had, locked in the order in which workers lock them."""
    asset = assets.for_update(unit, asset_id) if asset_id else None
    return service.get_for_update(unit, video_id), asset


def _first_job(asset: Asset) -> str:
    """What comes first for it: an upload whose parts were never joined has no file yet."""
    known = asset.source_key or asset.source_url or asset.sections
    return "videos.ingest" if known else "uploads.join"


def _tell(unit: WriteUnit, video: Video, before: LadderState | None, after: LadderState) -> None:
    unit.record("video.status_changed", video, {"ladder": [before, after]})
    making.announce(unit, video)
