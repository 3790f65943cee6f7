"""From a source to something that plays: what a caller starts, and the transitions of it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playout.core.ledger.model import differences
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import Video
from playout.kit.errors import Invalid, NotFound
from playout.kit.ids import uuid7
from playout.kit.storage.store import StoredContent


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for the bytes of a source: where they go, and the asset they become."""

    video_id: int
    organization_id: int
    asset_id: UUID
    key: str


def open_upload(unit: ReadUnit, video_id: int) -> Upload:
    """Where the bytes of a new source go, before the first of them is taken."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = queries.by_id(unit, video_id)
    if video is None:
        raise NotFound("There is no such video.")
    asset_id = uuid7()
    return Upload(video.id, video.organization_id, asset_id, f"sources/{video.uid}/{asset_id}")


def close_upload(unit: WriteUnit, upload: Upload, received: StoredContent) -> Video:
    """The bytes are stored: have them made playable. Raises `Invalid` when there were none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    if received.size == 0:
        raise Invalid("The file is empty.")
    video = queries.for_update(unit, upload.video_id)
    if video is None:
        raise NotFound("There is no such video.")
    unit.check_if_match(video.etag)
    asset = Asset(
        id=upload.asset_id,
        organization_id=video.organization_id,
        source_key=upload.key,
        source_size=received.size,
        source_sha256=received.sha256,
        created_at=unit.now,
    )
    change(unit, video, lambda: begin(unit, video, asset))
    return video


def start(unit: WriteUnit, video: Video, source_url: str | None, external_url: str | None) -> None:
    """Have a source fetched, or point to where the final video lies. Not both: `Invalid`.

    An address that is sent back as it was read ends nothing that is being made.
    """
    if source_url and external_url:
        raise Invalid(
            "A video is either fetched or played from elsewhere.",
            {"external_url": "Give source_url or external_url, not both."},
        )
    if external_url and external_url != video.external_url:
        video.use_external_url(external_url)
        announce(unit, video)
    if source_url:
        asset = Asset(
            id=uuid7(),
            organization_id=video.organization_id,
            source_url=source_url,
            created_at=unit.now,
        )
        begin(unit, video, asset)


def announce(unit: WriteUnit, video: Video) -> None:
    """Have told how what is made of the video stands, once this is committed."""
    # What is about to be entered has nothing yet that could be told of.
    if video.id is not None:
        unit.defer("distributions.announce", video_id=video.id)


def begin(unit: WriteUnit, video: Video, asset: Asset, job: str = "videos.ingest") -> None:
    """Have an asset made into what plays, with that job to begin with."""
    unit.session.add(asset)
    unit.session.flush()
    video.start_processing(asset)
    announce(unit, video)
    unit.defer(job, asset_id=str(asset.id))


def give_up(unit: WriteUnit, asset: Asset, reason: str) -> None:
    """Nothing can be made of a locked asset; `reason` is a sentence for a person."""
    asset.fail(reason, unit.now)
    video = queries.awaiting(unit, asset.id)
    if video is not None:
        change(unit, video, lambda: video.fail_processing(reason))
        announce(unit, video)


def change(unit: WriteUnit, video: Video, transition: Callable[[], None]) -> None:
    """Carry out a transition of a locked video's making and record what it changed."""
    before = video.audit_state()
    transition()
    unit.record("video.status_changed", video, differences(before, video.audit_state()))
