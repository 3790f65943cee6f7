"""How far a distribution is, and where it plays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from playout.core.distributions.model import Distribution, DistributionStatus
from playout.core.distributions.settings import Format
from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState, Rendition
from playout.core.media.renditions import has_best, offered
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import Status, Video

ELSEWHERE = "This video lies elsewhere: Playout packages only what it keeps itself."


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a distribution is; `progress` is per cent, `reason` why it failed."""

    status: DistributionStatus
    progress: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a distribution stands; there is a `playback_url` when it is ready."""

    standing: Standing
    playback_url: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a production so far, and what is being made."""

    video: Video
    asset: Asset | None
    pending: Asset | None
    renditions: Sequence[Rendition]


READY = Standing(DistributionStatus.READY, 100)


def made_of(unit: ReadUnit, video: Video) -> Made:
    """What was made of a production that the caller has been shown."""
    ids = {each for each in (video.asset_id, video.pending_asset_id) if each}
    found = assets.by_ids(unit, ids)
    asset = found.get(video.asset_id)
    renditions = offered(assets.renditions(unit, [asset.id])) if asset else []
    return Made(video, asset, found.get(video.pending_asset_id), renditions)


def delivery(distribution: Distribution, made: Made, playback: Playback, now: datetime) -> Delivery:
    """How a distribution stands, and its address."""
    stands = standing(distribution, made)
    if stands.status is not DistributionStatus.READY:
        return Delivery(stands, None)
    urls = playback.urls(made.video, made.asset, now, max_height=distribution.most)
    by_format = {
        Format.HLS: urls.hls,
        Format.DASH: urls.dash,
        Format.MP4: urls.video,
    }
    return Delivery(stands, by_format[distribution.format])


def standing(distribution: Distribution, made: Made) -> Standing:
    """How far a distribution is.

    There is one MP4, which every video that plays has, whatever the quality. An adaptive stream is
    ready with its first rendition, one of a quality when its own is there, or the best there will
    be where the source is smaller.
    """
    video, asset = made.video, made.asset
    if not video.playable:
        return _making(made)
    if distribution.format is Format.MP4:
        return READY
    if asset is None:
        return Standing(DistributionStatus.FAILED, reason=ELSEWHERE)
    size = asset.width or 1, asset.height or 1
    if has_best(made.renditions, *size, distribution.most):
        return READY
    return _climbing(asset)


def _climbing(asset: Asset) -> Standing:
    if asset.ladder is LadderState.FAILED:
        return Standing(DistributionStatus.FAILED, reason=asset.ladder_reason)
    if asset.ladder is None:
        return Standing(DistributionStatus.PENDING)
    return Standing(DistributionStatus.PACKAGING, asset.ladder_progress)


def _making(made: Made) -> Standing:
    if made.pending is not None:
        return Standing(DistributionStatus.PACKAGING, made.pending.progress)
    if made.video.status is Status.FAILED:
        return Standing(DistributionStatus.FAILED, reason=made.video.failure_reason)
    return Standing(DistributionStatus.PENDING)
