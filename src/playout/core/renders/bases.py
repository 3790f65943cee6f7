"""The job that makes the base of a template, and when it is wanted."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from playout.core.film_templates import queries as templates
from playout.core.film_templates.model import FilmTemplate
from playout.core.media import queries as assets
from playout.core.media.model import Asset, LostClaim
from playout.core.processing.ladder import background_tools
from playout.core.processing.media_job import RETRY, MediaJob
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.renders import queries
from playout.core.renders.layout import layout_as_json, layout_of
from playout.core.renders.model import BaseState, FilmBase
from playout.core.unit import WriteUnit, project_key
from playout.core.videos import queries as videos
from playout.core.videos.model import Video
from playout.kit.ids import uuid7
from playout.kit.jobs import Attempt, job
from playout.transcode.personal.base import Base, encode_base


def want_base(unit: WriteUnit, template: FilmTemplate) -> None:
    """Have the base of a template made, if its video plays an asset that it has no base of."""
    video = templates.video_of(unit, template.project, template.video_uid)
    if video is not None:
        _want(unit, template, video)


def want_bases(unit: WriteUnit, video: Video) -> None:
    """Have the bases of the templates over a video made, whose asset has changed."""
    if video.asset_id is None:
        return
    for template in queries.templates_of(unit.session, video.uid):
        _want(unit, template, video)


def _want(unit: WriteUnit, template: FilmTemplate, video: Video) -> None:
    if video.asset_id is None:
        return
    row = {
        "id": uuid7(),
        "template_id": template.id,
        "asset_id": video.asset_id,
        "state": BaseState.WAITING,
        "created_at": unit.now,
    }
    added = unit.session.execute(
        insert(FilmBase).values(row).on_conflict_do_nothing().returning(FilmBase.id)
    ).scalar()
    if added is not None:
        unit.defer(make_base, added, video.asset_id)


class BaseJob(MediaJob):
    """The job that encodes a base."""

    def __init__(
        self, resources: Resources, base_id: UUID, asset_id: UUID, retries_left: int
    ) -> None:
        super().__init__(resources, asset_id, retries_left)
        self._base_id = base_id

    def claim(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            base = queries.base_for_update(unit, self._base_id)
            asset = assets.by_ids(unit, {self.asset_id}).get(self.asset_id)
            video = videos.playing(unit, self.asset_id)
            if base is None or asset is None or video is None or base.state is BaseState.READY:
                return None
            base.start(self.claim_id)
            manifest = base.template.parsed()
            self._drawings = [(each.start, each.end) for each in manifest.elements]
            self._scenes = [(each.start, each.end) for each in manifest.scenes]
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:  # noqa: ARG002  the base is the template's
        with job_folder(self.resources.job_folders) as folder:
            source, out = folder / "source", folder / "out"
            out.mkdir()
            self.resources.storage.fetch(asset.source_key or "", source)
            found = self.facts_of(asset, source, self.resources.tools)
            base = encode_base(
                source,
                found,
                self._drawings,
                out,
                background_tools(self.resources.tools, found),
                scenes=self._scenes,
                on_progress=lambda _: self._check(),
                cancelled=self.resources.stopping.is_set,
            )
            key = f"films/{self._base_id}/{self.claim_id}"
            self._store(base, key)
            layout = layout_as_json(layout_of(base))
            self.change(lambda unit: self._finish(unit, key, layout))

    def fail(self, reason: str) -> None:
        self.change(lambda unit: self._claimed(unit).fail(self.claim_id, reason))

    def _finish(self, unit: WriteUnit, folder: str, layout: dict[str, Any]) -> None:
        base = self._claimed(unit)
        if base.state is BaseState.READY:
            return  # the answer to a commit was lost with the connection
        base.finish(self.claim_id, folder, layout)
        # Its shares show the film from now on.
        unit.invalidate(project_key(base.template.project_id))

    def _store(self, base: Base, folder: str) -> None:
        tracks = [each.track for each in base.renditions] + ([base.audio] if base.audio else [])
        files = [track.file for track in tracks]
        files += [each.mezzanine for each in base.renditions if each.mezzanine]
        for file in files:
            self.resources.storage.put(f"{folder}/{file.name}", file)

    def _claimed(self, unit: WriteUnit) -> FilmBase:
        base = queries.base_for_update(unit, self._base_id)
        if base is None:
            raise LostClaim("There is no such base any more.")
        return base

    def _check(self) -> None:
        """Raise `LostClaim` now and then, if another worker has taken the base over."""
        if self.report_is_due():
            self.report(lambda unit: queries.holds_claim(unit, self._base_id, self.claim_id))


@job(name="films.base", queue="ladder", retry=RETRY, pass_attempt=True, priority=1)
def make_base(resources: Resources, attempt: Attempt, base_id: UUID, asset_id: UUID) -> None:
    """Encode the base of a template, which all its viewers share."""
    BaseJob(resources, base_id, asset_id, attempt.left).run()
