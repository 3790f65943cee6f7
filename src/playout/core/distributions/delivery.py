"""The packaging status of a distribution, and its playback address."""

from collections.abc import Sequence
from dataclasses import dataclass

from playout.core.distributions.model import Distribution, DistributionStatus
from playout.core.distributions.settings import Format
from playout.core.media import queries as assets
from playout.core.media.model import Asset, LadderState, Rendition
from playout.core.media.renditions import has_best, offered
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import Status, Video

ELSEWHERE = "The file is on another server: Playout packages only files that it stores."


@dataclass(frozen=True, slots=True)
class PackagingStatus:
    """The progress of a packaging as a percentage, and the reason when it failed."""

    status: DistributionStatus
    progress: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A packaging status, with a `playback_url` once it is ready."""

    packaging: PackagingStatus
    playback_url: str | None


@dataclass(frozen=True, slots=True)
class ProductionMedia:
    """The media of a production: the asset that plays, its renditions, and the pending asset."""

    video: Video
    asset: Asset | None
    pending: Asset | None
    renditions: Sequence[Rendition]


READY = PackagingStatus(DistributionStatus.READY, 100)


def production_media(unit: ReadUnit, video: Video) -> ProductionMedia:
    """Return the media of a production that the caller may see."""
    ids = {each for each in (video.asset_id, video.pending_asset_id) if each}
    found = assets.by_ids(unit, ids)
    asset = found.get(video.asset_id)
    renditions = offered(assets.renditions(unit, [asset.id])) if asset else []
    return ProductionMedia(video, asset, found.get(video.pending_asset_id), renditions)


def delivery(
    unit: ReadUnit, distribution: Distribution, media: ProductionMedia, playback: Playback
) -> Delivery:
    """Return the packaging status of a distribution and its playback address for the caller."""
    packaging = packaging_status(distribution, media)
    if packaging.status is not DistributionStatus.READY:
        return Delivery(packaging, None)
    urls = playback.urls(
        media.video,
        media.asset,
        unit.now,
        viewer=unit.principal,
        distribution_id=distribution.id,
        max_height=distribution.max_height,
    )
    by_format = {
        Format.HLS: urls.hls,
        Format.DASH: urls.dash,
        Format.MP4: urls.video,
    }
    return Delivery(packaging, by_format[distribution.format])


def packaging_status(distribution: Distribution, media: ProductionMedia) -> PackagingStatus:
    """Return how far the packaging of a distribution is.

    Every video that plays has one MP4, whatever the quality. An adaptive stream is ready with its
    first rendition. A stream of one quality is ready with the rendition of that quality, or, when
    the source is smaller, with the largest one.
    """
    video, asset = media.video, media.asset
    if not video.playable:
        return _processing_status(media)
    if distribution.format is Format.MP4:
        return READY
    if asset is None:
        return PackagingStatus(DistributionStatus.FAILED, reason=ELSEWHERE)
    size = asset.width or 1, asset.height or 1
    if has_best(media.renditions, *size, distribution.max_height):
        return READY
    return _ladder_status(asset)


def _ladder_status(asset: Asset) -> PackagingStatus:
    if asset.ladder is LadderState.FAILED:
        return PackagingStatus(DistributionStatus.FAILED, reason=asset.ladder_reason)
    if asset.ladder is None:
        return PackagingStatus(DistributionStatus.PENDING)
    return PackagingStatus(DistributionStatus.PACKAGING, asset.ladder_progress)


def _processing_status(media: ProductionMedia) -> PackagingStatus:
    if media.pending is not None:
        return PackagingStatus(DistributionStatus.PACKAGING, media.pending.progress)
    if media.video.status is Status.FAILED:
        return PackagingStatus(DistributionStatus.FAILED, reason=media.video.failure_reason)
    return PackagingStatus(DistributionStatus.PENDING)
