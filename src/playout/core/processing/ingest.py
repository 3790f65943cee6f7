"""From a source to something that plays: claim, work without a transaction, finish."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from playout.core.media import queries as assets
from playout.core.media.model import MP4, POSTER, Asset, LostClaim, Stage
from playout.core.media.renditions import rendition
from playout.core.processing.attempt import Attempt
from playout.core.processing.fetch import Bringing
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import FEED, Video
from playout.core.videos.sources import announce, change, give_up
from playout.transcode.encode.package import make_playable
from playout.transcode.encode.tracks import Track, duration_of
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.pictures.first_poster import first_poster


@dataclass(frozen=True)
class Package:
    """What was made and stored."""

    source: Probe
    duration_ms: int
    tracks: list[Track]
    loudness: float | None
    mp4_size: int
    poster_size: int


class Ingest(Attempt):
    """Makes a source playable: its renditions follow."""

    def take(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.awaiting(unit, self.asset_id)
            if asset is None or video is None:
                return None
            asset.take(self.claim)
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:
        with job_folder(self.resources.job_folders) as folder:
            source, out, poster = folder / "source", folder / "out", folder / "poster" / POSTER
            out.mkdir()
            poster.parent.mkdir()
            self._bring(asset, video, source)
            self._note(Stage.PROBING, 0)
            found = probe(source, self.resources.tools)
            self._finish(video, self._made(video, source, found, out, poster))

    def _made(self, video: Video, source: Path, found: Probe, out: Path, poster: Path) -> Package:
        tools, stopping = self.resources.tools, self.resources.stopping.is_set
        with ThreadPoolExecutor(2) as aside:
            drawn = aside.submit(first_poster, source, found, poster, tools, cancelled=stopping)
            made = make_playable(
                source,
                found,
                out,
                tools,
                preset=self.resources.settings.encoder_preset,
                on_progress=lambda done: self._note(Stage.ENCODING, done),
                cancelled=stopping,
            )
            drawn.result()
            self._note(Stage.STORING, 1)
            files = [out / MP4, poster, *(track.file for track in made.tracks)]
            keys = [f"media/{video.uid}/{self.claim}/{file.name}" for file in files]
            sizes = list(aside.map(self.resources.storage.put, keys, files))
        return Package(found, duration_of(made.tracks), made.tracks, made.loudness, *sizes[:2])

    def _bring(self, asset: Asset, video: Video, source: Path) -> None:
        """The source as a local file; what has to be fetched is stored first, and only once."""
        if asset.source_key is not None:
            self.resources.storage.fetch(asset.source_key, source)
            return
        self._note(Stage.FETCHING, 0)
        received = Bringing(self.resources, self._watch, self._note).bring(asset, source)
        key = f"sources/{video.uid}/{asset.id}"
        self.resources.storage.put(key, source)
        with self.write() as unit:
            asset = self._claimed(unit)
            asset.source_key = key
            asset.source_size, asset.source_sha256 = received.size, received.sha256

    def _watch(self) -> None:
        """See now and then that the claim holds while bytes come in."""
        if not self.is_soon():
            self._note(Stage.FETCHING, 0)

    def _finish(self, video: Video, package: Package) -> None:
        with self.write() as unit:
            asset = self._claimed(unit)
            asset.finish(self.claim, unit.now)
            asset.duration_ms = package.duration_ms
            asset.width, asset.height = package.source.video.width, package.source.video.height
            asset.mp4_size, asset.poster_size = package.mp4_size, package.poster_size
            asset.loudness = package.loudness
            folder = f"media/{video.uid}/{self.claim}"
            unit.session.add_all(
                rendition(asset.id, folder, track, unit.now) for track in package.tracks
            )
            waiting = queries.awaiting(unit, self.asset_id)
            if waiting is not None:
                change(unit, waiting, lambda: waiting.promote(asset))
                announce(unit, waiting)
                unit.changed(FEED)
                unit.defer("videos.pictures", asset_id=str(asset.id))
                unit.defer("videos.ladder", asset_id=str(asset.id))

    def fail(self, reason: str) -> None:
        with self.write() as unit:
            give_up(unit, self._claimed(unit), reason)

    def _claimed(self, unit: WriteUnit) -> Asset:
        asset = assets.for_update(unit, self.asset_id)
        if asset is None or asset.claim != self.claim:
            raise LostClaim("Another worker has taken the asset over.")
        return asset

    def _note(self, stage: Stage, done: float) -> None:
        if stage is Stage.ENCODING and self.is_soon():
            return
        with self.write() as unit:
            percent = min(99, int(done * 100))
            held = assets.note_progress(unit, self.asset_id, self.claim, stage, percent)
        if not held:
            raise LostClaim("Another worker has taken the asset over.")
