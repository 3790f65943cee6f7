"""Ingest: from a source to something that plays."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LostClaim, Stage
from playout.core.media.renditions import rendition_of
from playout.core.processing.fetch import SourceFetcher
from playout.core.processing.ladder import encode_ladder
from playout.core.processing.media_job import RETRY, MediaJob
from playout.core.processing.pictures import generate_pictures
from playout.core.processing.probes import kept_probe
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.videos import queries, sources
from playout.core.videos.embedded_captions import embed
from playout.core.videos.model import Video
from playout.kit.jobs import Attempt, job
from playout.transcode.encode.package import make_playable
from playout.transcode.encode.subtitles import Subtitles, extract_captions
from playout.transcode.encode.tracks import Track, total_duration_ms
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.names import POSTER
from playout.transcode.notes import notes_of
from playout.transcode.pictures.first_poster import write_first_poster


@dataclass(frozen=True)
class Package:
    """The stored result of an ingest."""

    source: Probe
    duration_ms: int
    tracks: list[Track]
    loudness: float | None
    subtitles: Subtitles
    mp4_size: int
    poster_size: int


class IngestJob(MediaJob):
    """The job that makes a source playable. Its ladder and its pictures are jobs of their own."""

    def claim(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.awaiting(unit, self.asset_id)
            if asset is None or video is None:
                return None
            asset.claim_by(self.claim_id)
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:
        with job_folder(self.resources.job_folders) as folder:
            source, out, poster = folder / "source", folder / "out", folder / "poster" / POSTER
            out.mkdir()
            poster.parent.mkdir()
            out.with_name("texts").mkdir()
            self._fetch(asset, video, source)
            self._report(Stage.PROBING, 0)
            found = probe(source, self.resources.tools, cancelled=self.resources.stopping.is_set)
            package = self._package(video, source, found, out, poster)
            self.change(lambda unit: self._finish(unit, video, package))

    def _package(
        self, video: Video, source: Path, found: Probe, out: Path, poster: Path
    ) -> Package:
        tools, stopping = self.resources.tools, self.resources.stopping.is_set
        with ThreadPoolExecutor(3) as threads:
            texts = threads.submit(
                extract_captions, source, found, out.with_name("texts"), tools, cancelled=stopping
            )
            drawn = threads.submit(
                write_first_poster, source, found, poster, tools, cancelled=stopping
            )
            encoded = make_playable(
                source,
                found,
                out,
                tools,
                preset=self.resources.settings.encoder_preset,
                on_progress=lambda done: self._report(Stage.ENCODING, done),
                cancelled=stopping,
            )
            drawn.result()
            subtitles = texts.result()
            self._report(Stage.STORING, 1)
            video_file, *others = [track.file for track in encoded.tracks]
            files = [video_file, poster, *others]
            keys = [f"{self._folder(video)}/{file.name}" for file in files]
            sizes = list(threads.map(self.resources.storage.put, keys, files))
        duration_ms = total_duration_ms(encoded.tracks)
        return Package(found, duration_ms, encoded.tracks, encoded.loudness, subtitles, *sizes[:2])

    def _fetch(self, asset: Asset, video: Video, source: Path) -> None:
        """Fetch the source into a local file.

        What comes from elsewhere is stored first, so that it is downloaded only once.
        """
        if asset.source_key is not None:
            self.resources.storage.fetch(asset.source_key, source)
            return
        self._report(Stage.FETCHING, 0)
        received = SourceFetcher(self.resources, self._check_claim, self._report).fetch(
            asset, source
        )
        key = f"sources/{video.uid}/{asset.id}"
        self.resources.storage.put(key, source)

        def set_source(unit: WriteUnit) -> None:
            claimed = self._claimed(unit)
            claimed.source_key = key
            claimed.source_size, claimed.source_sha256 = received.size, received.sha256

        self.change(set_source)

    def _check_claim(self) -> None:
        """Check now and then, while bytes come in, that the claim still holds."""
        if self.report_is_due():
            self._report(Stage.FETCHING, 0)

    def _finish(self, unit: WriteUnit, video: Video, package: Package) -> None:
        asset = self._claimed(unit)
        asset.finish(self.claim_id, unit.now)
        asset.duration_ms = package.duration_ms
        asset.width, asset.height = package.source.video.width, package.source.video.height
        asset.mp4_size, asset.poster_size = package.mp4_size, package.poster_size
        asset.loudness = package.loudness
        asset.chapters = [{"start": start, "title": t} for start, t in package.source.chapters]
        asset.notes = [*notes_of(package.source), *package.subtitles.notes]
        asset.probe = kept_probe(package.source)
        unit.session.add_all(
            rendition_of(asset.id, self._folder(video), track, unit.now) for track in package.tracks
        )
        awaiting = queries.awaiting(unit, self.asset_id)
        if awaiting is not None:
            self._promote(unit, awaiting, asset, package.subtitles)

    def _promote(self, unit: WriteUnit, video: Video, asset: Asset, subtitles: Subtitles) -> None:
        """Let the video play the asset, and defer the jobs that come next."""
        sources.promote(unit, video, asset)
        embed(unit, video, subtitles.captions, at_once=asset.replaces_at_once)
        unit.defer(generate_pictures, asset.id)
        unit.defer(encode_ladder, asset.id)

    def fail(self, reason: str) -> None:
        self.change(lambda unit: sources.fail_processing(unit, self._claimed(unit), reason))

    def _folder(self, video: Video) -> str:
        return f"media/{video.uid}/{self.claim_id}"

    def _claimed(self, unit: WriteUnit) -> Asset:
        asset = assets.for_update(unit, self.asset_id)
        if asset is None or asset.claim != self.claim_id:
            raise LostClaim("Another worker has taken the asset over.")
        return asset

    def _report(self, stage: Stage, done: float) -> None:
        if stage is Stage.ENCODING and not self.report_is_due():
            return
        percent = min(99, int(done * 100))
        self.report(
            lambda unit: assets.note_progress(unit, self.asset_id, self.claim_id, stage, percent)
        )


@job(name="videos.ingest", queue="media", retry=RETRY, pass_attempt=True)
def ingest_source(resources: Resources, attempt: Attempt, asset_id: UUID) -> None:
    """Make a source playable, and let its video play it."""
    IngestJob(resources, asset_id, attempt.left).run()


def start_ingest(unit: WriteUnit, asset: Asset) -> None:
    """Defer the ingest of an asset that waits, if it has a source."""
    if asset.has_source:
        unit.defer(ingest_source, asset.id)
