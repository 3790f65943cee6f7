"""From a source to something that plays: claim, work without a transaction, finish."""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

import psutil
import structlog

from playout.core.media import queries as assets
from playout.core.media.errors import MediaRejected, WorkCancelled
from playout.core.media.model import MP4, POSTER, Asset, LostClaim, Stage
from playout.core.media.plan import plan
from playout.core.media.poster import make_poster
from playout.core.media.probe import Probe, probe
from playout.core.media.transcode import make_mp4
from playout.core.principal import WORKER
from playout.core.runtime import Runtime
from playout.core.unit import Origin, WriteUnit
from playout.core.videos import queries
from playout.core.videos.making import change
from playout.core.videos.model import FEED, Video
from playout.kit.errors import PlayoutError, StorageFull, Unavailable
from playout.kit.storage import Received

log = structlog.get_logger(__name__)
PROGRESS_EVERY = 0.5
"""Seconds between two notes of progress, which are also looks at whether the claim still holds."""


@dataclass(frozen=True)
class Package:
    """What was made and stored."""

    probe: Probe
    mp4_size: int
    poster_size: int


class Ingest:
    """One attempt at one asset; a worker that lost its claim stops and changes nothing."""

    def __init__(self, runtime: Runtime, asset_id: UUID, attempts_left: int) -> None:
        self.runtime = runtime
        self.asset_id = asset_id
        self.attempts_left = attempts_left
        self.claim = uuid4()
        self._noted_at = 0.0

    def run(self) -> None:
        """Raises `Unavailable` and `WorkCancelled` when it is worth another attempt."""
        taken = self._take()
        if taken is None:
            return
        try:
            self._finish(self._make(*taken))
        except LostClaim:
            log.info("ingest.claim_lost", asset=str(self.asset_id))
        except PlayoutError as error:
            if isinstance(error, Unavailable) and self.attempts_left > 0:
                raise
            self._fail(error.message)
        except WorkCancelled:
            raise
        except Exception:
            log.exception("ingest.failed", asset=str(self.asset_id))
            self._fail("Something went wrong inside Playout; its log says what.")

    def _take(self) -> tuple[Asset, Video] | None:
        with self._write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.awaiting(unit, self.asset_id)
            if asset is None or video is None:
                return None
            asset.take(self.claim)
            return asset, video

    def _make(self, asset: Asset, video: Video) -> Package:
        if self.attempts_left < 0:
            # It took worker after worker with it, as no error of its own would.
            raise MediaRejected("Playout gave up: making this file playable never came to an end.")
        tools = self.runtime.tools
        with job_folder(self.runtime.job_folders) as folder:
            source, made, poster = folder / "source", folder / "out" / MP4, folder / "out" / POSTER
            made.parent.mkdir()
            self._bring(asset, video, source)
            self._note(Stage.PROBING, 0)
            found = probe(source, tools)
            result = make_mp4(
                source,
                found,
                plan(found),
                made,
                tools,
                on_progress=lambda done: self._note(Stage.ENCODING, done),
                cancelled=self.runtime.stopping.is_set,
            )
            make_poster(made, result.duration_ms, poster, tools)
            self._note(Stage.STORING, 1)
            keys = f"media/{video.uid}/{self.claim}"
            return Package(
                result,
                self.runtime.storage.put(f"{keys}/{MP4}", made),
                self.runtime.storage.put(f"{keys}/{POSTER}", poster),
            )

    def _bring(self, asset: Asset, video: Video, source: Path) -> None:
        """The source as a local file; what has to be fetched is stored first, and only once."""
        if asset.source_key is None:
            self._fetch(asset, video, source)
        else:
            self.runtime.storage.fetch(asset.source_key, source)

    def _fetch(self, asset: Asset, video: Video, source: Path) -> None:
        settings, key = self.runtime.settings, f"sources/{video.uid}/{asset.id}"
        self._note(Stage.FETCHING, 0)
        with (
            self.runtime.outbound.download(
                asset.source_url or "", settings.max_upload_bytes, settings.fetch_timeout
            ) as chunks,
            source.open("wb") as file,
        ):
            received = _save(chunks, file)
        self.runtime.storage.put(key, source)
        with self._write() as unit:
            asset = self._claimed(unit)
            asset.source_key = key
            asset.source_size, asset.source_sha256 = received.size, received.sha256

    def _finish(self, package: Package) -> None:
        with self._write() as unit:
            asset = self._claimed(unit)
            asset.finish(self.claim, unit.now)
            asset.duration_ms = package.probe.duration_ms
            asset.width, asset.height = package.probe.video.width, package.probe.video.height
            asset.mp4_size, asset.poster_size = package.mp4_size, package.poster_size
            video = queries.awaiting(unit, self.asset_id)
            if video is not None:
                change(unit, video, lambda: video.promote(asset))
                unit.changed(FEED)

    def _fail(self, reason: str) -> None:
        with self._write() as unit:
            asset = self._claimed(unit)
            asset.fail(self.claim, reason, unit.now)
            video = queries.awaiting(unit, self.asset_id)
            if video is not None:
                change(unit, video, lambda: video.reject(reason))

    def _claimed(self, unit: WriteUnit) -> Asset:
        asset = assets.for_update(unit, self.asset_id)
        if asset is None or asset.claim != self.claim:
            raise LostClaim("Another worker has taken the asset over.")
        return asset

    def _note(self, stage: Stage, done: float) -> None:
        if stage is Stage.ENCODING and time.monotonic() - self._noted_at < PROGRESS_EVERY:
            return
        self._noted_at = time.monotonic()
        with self._write() as unit:
            percent = min(99, int(done * 100))
            held = assets.note_progress(unit, self.asset_id, self.claim, stage, percent)
        if not held:
            raise LostClaim("Another worker has taken the asset over.")

    def _write(self) -> AbstractContextManager[WriteUnit]:
        return self.runtime.work.write(WORKER, Origin("jobs", str(self.asset_id)))


def _save(chunks: Iterator[bytes], file: BinaryIO) -> Received:
    size, digest = 0, hashlib.sha256()
    for chunk in chunks:
        file.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return Received(size, digest.hexdigest())


@contextmanager
def job_folder(parent: Path) -> Iterator[Path]:
    """A scratch folder, gone afterwards; its name tells whose it was if the process is killed.

    Raises `StorageFull` when what is done with it finds no room.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The storage has no room left for this video.") from error
        raise


def sweep_job_folders(parent: Path) -> None:
    """Remove the scratch folders of processes that were killed."""
    for folder in parent.glob("*-*"):
        pid = folder.name.partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
