"""Join the parts of a complete upload into one file. An organization stores each file only once."""

import asyncio
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import structlog

from playout.core.media import queries as assets
from playout.core.principal import WORKER
from playout.core.unit import Origin, WriteUnit
from playout.core.uploads import queries
from playout.core.uploads.resources import Resources
from playout.core.videos import queries as videos
from playout.core.videos import sources
from playout.kit.errors import PlayoutError
from playout.kit.storage.multipart import MultipartStore, Part
from playout.kit.storage.store import StoredContent

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CompleteUpload:
    """The parts of a complete upload, and the key of the file that they become."""

    folder: str
    parts: list[Part]
    target: str


def join(resources: Resources, asset_id: UUID, last_try: bool) -> None:
    """Join the uploaded parts of an asset into its source, and let its processing go on.

    To do it again changes nothing. Raise `NotFound`, `StorageFull` and `Unavailable`; in the last
    try the asset fails instead. Its parts are kept, so that it can be retried.
    """
    parts, upload = MultipartStore(resources.storage), _complete_upload(resources, asset_id)
    if upload is None:
        return
    try:
        received = asyncio.run(parts.join(upload.parts, upload.target))
    except PlayoutError as error:
        if not last_try:
            raise
        log.exception("upload.join_failed", asset=str(asset_id))
        _fail(resources, asset_id, error.message)
        return
    key = _set_source(resources, asset_id, upload.target, received)
    if key != upload.target:
        resources.storage.delete(upload.target)
    parts.delete_all(upload.folder)


def _complete_upload(resources: Resources, asset_id: UUID) -> CompleteUpload | None:
    with resources.work.read(WORKER) as unit:
        asset, upload = queries.asset(unit, asset_id), queries.by_id(unit, asset_id)
        video = videos.by_id(unit, upload.video_id) if upload else None
        if asset is None or asset.source_key is not None or upload is None or video is None:
            return None
        target = f"sources/{video.uid}/{asset_id}"
        return CompleteUpload(upload.folder, queries.parts(unit, asset_id), target)


def _set_source(resources: Resources, asset_id: UUID, target: str, received: StoredContent) -> str:
    """Give the asset its source, and let its processing go on. Return the key of the source.

    That is the key of the same file where the organization has it already.
    """
    duplicate = _duplicate(resources, asset_id, received)
    with _write(resources, asset_id) as unit:
        asset = assets.for_update(unit, asset_id)
        if asset is None or asset.source_key is not None:
            return target  # another worker was faster
        asset.source_key = duplicate or target
        asset.source_sha256 = received.sha256
        sources.asset_waiting(unit, asset)
        return asset.source_key


def _fail(resources: Resources, asset_id: UUID, reason: str) -> None:
    with _write(resources, asset_id) as unit:
        asset = assets.for_update(unit, asset_id)
        if asset is not None and asset.source_key is None:
            sources.fail_processing(unit, asset, reason)


def _write(resources: Resources, asset_id: UUID) -> AbstractContextManager[WriteUnit]:
    return resources.work.write(WORKER, Origin("jobs", str(asset_id)))


def _duplicate(resources: Resources, asset_id: UUID, received: StoredContent) -> str | None:
    """Return the key of the same file if the organization has it already."""
    with resources.work.read(WORKER) as unit:
        asset = queries.asset(unit, asset_id)
        keys = queries.duplicates(unit, asset, received.sha256) if asset else []
    return next(filter(resources.storage.exists, keys), None)
