"""The source of a video: where it comes from, and the transitions of its processing.

This module does not know who processes a source, or who follows the processing. They subscribe to
its hooks, in `main`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playout.core.ledger.model import differences
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access, queries, replaced
from playout.core.videos.model import Video
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Invalid, require_found
from playout.kit.hooks import Hook
from playout.kit.ids import uuid7
from playout.kit.storage.store import StoredContent

asset_waiting: Hook[[WriteUnit, Asset]] = Hook()
"""Called when an asset waits for the next step of its processing."""
processing_changed: Hook[[WriteUnit, Video]] = Hook()
"""Called when the processing of a video has begun, is further or has ended."""


@dataclass(frozen=True, slots=True)
class SourceSlot:
    """A place for the bytes of a source: their key, and the id of the asset that they become."""

    video_id: int
    organization_id: int
    asset_id: UUID
    key: str


def open_source(unit: ReadUnit, video_id: int) -> SourceSlot:
    """Return where the bytes of a new source go, before the first of them is received.

    Raise `Forbidden` and `NotFound`.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = require_found(queries.by_id(unit, video_id), "video")
    access.check_may_change(unit, video)
    asset_id = uuid7()
    return SourceSlot(video.id, video.organization_id, asset_id, f"sources/{video.uid}/{asset_id}")


def close_source(
    unit: WriteUnit, slot: SourceSlot, received: StoredContent, *, replace_at_once: bool = False
) -> Video:
    """Process the source whose bytes are stored now.

    With `replace_at_once`, the files of the old source end when the new one plays. Raise `Invalid`
    if there were none, and `Forbidden` if the video was published meanwhile.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    if received.size == 0:
        raise Invalid("The file is empty.")
    video = require_found(queries.for_update(unit, slot.video_id), "video")
    access.check_may_change(unit, video)
    unit.check_if_match(video.etag)
    asset = Asset(
        id=slot.asset_id,
        organization_id=video.organization_id,
        source_key=slot.key,
        source_size=received.size,
        source_sha256=received.sha256,
        replaces_at_once=replace_at_once,
        created_at=unit.now,
    )
    record_transition(unit, video, lambda: start_processing(unit, video, asset))
    return video


def set_source(
    unit: WriteUnit, video: Video, source_url: str | None, external_url: str | None
) -> None:
    """Fetch and process the file at `source_url`, or play the video from `external_url`.

    Raise `Invalid` for both. An `external_url` that the video has already stops no processing.
    """
    check_web_addresses({"source_url": source_url, "external_url": external_url})
    if source_url and external_url:
        raise Invalid(
            "A video is either fetched or played from elsewhere.",
            {"external_url": "Give source_url or external_url, not both."},
        )
    if external_url and external_url != video.external_url:
        replaced.replace_source(unit, video, at_once=False)
        video.use_external_url(external_url)
        processing_changed(unit, video)
    if source_url:
        asset = Asset(
            id=uuid7(),
            organization_id=video.organization_id,
            source_url=source_url,
            created_at=unit.now,
        )
        start_processing(unit, video, asset)


def start_processing(unit: WriteUnit, video: Video, asset: Asset) -> None:
    """Let a locked video wait for the asset, and the asset for its processing."""
    unit.session.add(asset)
    unit.session.flush()
    video.start_processing(asset)
    processing_changed(unit, video)
    asset_waiting(unit, asset)


def promote(unit: WriteUnit, video: Video, asset: Asset) -> None:
    """Let a locked video play a new asset, whose package is complete."""
    replaced.replace_source(unit, video, at_once=asset.replaces_at_once)
    record_transition(unit, video, lambda: video.promote(asset))
    processing_changed(unit, video)


def fail_processing(unit: WriteUnit, asset: Asset, reason: str) -> None:
    """Record that a locked asset cannot be processed; `reason` is a sentence for a person."""
    asset.fail(reason, unit.now)
    video = queries.awaiting(unit, asset.id)
    if video is not None:
        record_transition(unit, video, lambda: video.fail_processing(reason))
        processing_changed(unit, video)


def record_transition(unit: WriteUnit, video: Video, transition: Callable[[], None]) -> None:
    """Carry out a transition of a locked video, and record what it changed."""
    before = video.audit_state()
    transition()
    unit.record("video.status_changed", video, differences(before, video.audit_state()))
