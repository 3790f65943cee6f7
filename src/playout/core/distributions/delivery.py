"""How far a distribution is, and where it plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from playout.core.distributions.model import Distribution
from playout.core.distributions.settings import Format
from playout.core.media.model import Asset
from playout.core.videos.model import Status, Video
from playout.core.videos.playback import Playback


class DistributionStatus(StrEnum):
    PENDING = "pending"
    PACKAGING = "packaging"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`progress` is per cent; there is a `playback_url` when it is ready."""

    status: DistributionStatus
    progress: int
    playback_url: str | None


def delivery(
    distribution: Distribution,
    video: Video,
    assets: Mapping[UUID | None, Asset],
    playback: Playback,
    now: datetime,
) -> Delivery:
    """How a distribution of that video stands, whose assets are given by their ids.

    MP4 is what every video is made into, so that its distribution is as far as the video is.
    """
    if distribution.format is not Format.MP4:
        return Delivery(DistributionStatus.PENDING, 0, None)
    if video.playable:
        asset = assets.get(video.asset_id)
        address = playback.addresses(video, asset, now).video
        return Delivery(DistributionStatus.READY, 100, address)
    pending = assets.get(video.pending_asset_id)
    if pending is not None:
        return Delivery(DistributionStatus.PACKAGING, pending.progress, None)
    failed = video.status is Status.FAILED
    return Delivery(DistributionStatus.FAILED if failed else DistributionStatus.PENDING, 0, None)
