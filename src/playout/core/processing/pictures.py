"""Pictures of a video that plays: posters, storyboard and preview."""

from dataclasses import asdict, replace
from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import Asset
from playout.core.processing.media_job import RETRY, MediaJob
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import Video
from playout.kit.jobs import Attempt, job
from playout.transcode.names import PREVIEW, STORYBOARD_IMAGE
from playout.transcode.pictures.picture_set import make_pictures
from playout.transcode.pictures.posters import POSTERS
from playout.transcode.pictures.storyboard import Storyboard

NICENESS = 19
"""Pictures wait for ladders, too: a video has a poster already, and needs adaptive streams more."""


class PicturesJob(MediaJob):
    """The job that makes the pictures of an asset, once.

    Until then, or if it fails, the first poster of the asset is shown.

    There is no claim: the worker that finishes first promotes a folder of its own.
    """

    def claim(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.playing(unit, self.asset_id)
            if asset is None or video is None or asset.pictures_version is not None:
                return None
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:
        tools, storage = self.resources.tools, self.resources.storage
        stopping = self.resources.stopping.is_set
        gentle = replace(tools, limits=replace(tools.limits, niceness=NICENESS))
        with job_folder(self.resources.job_folders) as folder:
            source, out = folder / "source", folder / "out"
            out.mkdir()
            storage.fetch(asset.source_key or "", source)
            found = self.facts_of(asset, source, gentle)
            storyboard = make_pictures(source, found, out, gentle, cancelled=stopping)
            for name in (*POSTERS, STORYBOARD_IMAGE, PREVIEW):
                storage.put(f"media/{video.uid}/{self.claim_id}/{name}", out / name)
        self.change(lambda unit: self._finish(unit, storyboard))

    def _finish(self, unit: WriteUnit, storyboard: Storyboard) -> None:
        asset = assets.for_update(unit, self.asset_id)
        video = queries.playing(unit, self.asset_id)
        if asset is None or video is None or asset.pictures_version is not None:
            return
        asset.pictures_version, asset.has_preview = self.claim_id, True
        asset.storyboard = asdict(storyboard)
        unit.invalidate(video)

    def fail(self, reason: str) -> None:
        """Change nothing: the first poster stays, and the log has the reason."""


@job(name="videos.pictures", queue="pictures", retry=RETRY, pass_attempt=True)
def generate_pictures(resources: Resources, attempt: Attempt, asset_id: UUID) -> None:
    """Generate posters, storyboard and preview of a video that plays already."""
    PicturesJob(resources, asset_id, attempt.left).run()
