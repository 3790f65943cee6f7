"""From the parts of an upload to one file, of which an organization has one copy."""

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
from playout.core.videos.sources import asset_waiting, fail_processing
from playout.kit.errors import PlayoutError
from playout.kit.storage.multipart import Part, Parts
from playout.kit.storage.store import Received

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Waiting:
    """An upload that is whole, and the key under which it is to be one file."""

    folder: str
    parts: list[Part]
    target: str


def join(resources: Resources, asset_id: UUID, last_try: bool) -> None:
    """Make the source of an asset of what was uploaded, and have it made playable.

    Doing it again changes nothing. What still fails at the last try has failed, and can be tried
    again: its parts are kept. Raises `NotFound`, `StorageFull` and `Unavailable` before that.
    """
    parts, waiting = Parts(resources.storage), _waiting(resources, asset_id)
    if waiting is None:
        return
    try:
        received = asyncio.run(parts.join(waiting.parts, waiting.target))
    except PlayoutError as error:
        if not last_try:
            raise
        log.exception("uploads.not_joined", asset=str(asset_id))
        _give_up(resources, asset_id, error.message)
        return
    key = _hand_on(resources, asset_id, waiting.target, received)
    if key != waiting.target:
        resources.storage.delete(waiting.target)
    parts.delete_all(waiting.folder)


def _waiting(resources: Resources, asset_id: UUID) -> Waiting | None:
    with resources.work.read(WORKER) as unit:
        asset, upload = queries.asset(unit, asset_id), queries.by_id(unit, asset_id)
        video = videos.by_id(unit, upload.video_id) if upload else None
        if asset is None or asset.source_key is not None or upload is None or video is None:
            return None
        target = f"sources/{video.uid}/{asset_id}"
        return Waiting(upload.folder, queries.parts(unit, asset_id), target)


def _hand_on(resources: Resources, asset_id: UUID, target: str, received: Received) -> str:
    """Say where the file is, and have it made playable; return its key."""
    twin = _twin(resources, asset_id, received)
    with _writing(resources, asset_id) as unit:
        asset = assets.for_update(unit, asset_id)
        if asset is None or asset.source_key is not None:
            return target  # another worker was faster
        asset.source_key = twin or target
        asset.source_sha256 = received.sha256
        asset_waiting(unit, asset)
        return asset.source_key


def _give_up(resources: Resources, asset_id: UUID, reason: str) -> None:
    with _writing(resources, asset_id) as unit:
        asset = assets.for_update(unit, asset_id)
        if asset is not None and asset.source_key is None:
            fail_processing(unit, asset, reason)


def _writing(resources: Resources, asset_id: UUID) -> AbstractContextManager[WriteUnit]:
    return resources.work.write(WORKER, Origin("jobs", str(asset_id)))


def _twin(resources: Resources, asset_id: UUID, received: Received) -> str | None:
    """The key of the same file, where the organization has it already."""
    with resources.work.read(WORKER) as unit:
        asset = queries.asset(unit, asset_id)
        keys = queries.twins(unit, asset, received.sha256) if asset else []
    return next(filter(resources.storage.has, keys), None)
