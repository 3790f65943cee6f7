"""From something that plays to every rendition of it, one after the other."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import MP4, Asset, LostClaim, Rendition
from playout.core.media.renditions import rendition
from playout.core.processing.attempt import Attempt
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import Video
from playout.core.videos.sources import announce
from playout.transcode.encode.encode import Encoded, Wanted, encode
from playout.transcode.encode.ladder import Rung, first_of, ladder
from playout.transcode.encode.mux import join
from playout.transcode.encode.tracks import AUDIO, AUDIO_COPY, COPY, stored_track
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.sandbox.tools import Tools

SLOWEST = 40
"""Seconds that a ladder may take for each second of video, if that is more than the usual limit."""
NICENESS = 5
MP4_SIDE = 1080
"""The progressive MP4 is made of the largest rung up to this, which every player can take."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one attempt works with."""

    video: Video
    asset: Asset
    source: Path
    out: Path
    found: Probe


class Climb(Attempt):
    """Makes the renditions that are not there yet; what plays is never taken away."""

    def take(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.playing(unit, self.asset_id)
            if asset is None or video is None or asset.ladder is None:
                return None
            asset.climb(self.claim)
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:
        with job_folder(self.resources.job_folders) as folder:
            source, out = folder / "source", folder / "out"
            out.mkdir()
            self.resources.storage.fetch(asset.source_key or "", source)
            job = Job(video, asset, source, out, probe(source, self.resources.tools))
            rungs = ladder(job.found.video)
            present = {each.name: each for each in self._present()}
            runs = runs_of(rungs, present)
            for number, run in enumerate(runs):
                self._run(job, run, present, number / len(runs), 1 / len(runs))
                present = {each.name: each for each in self._present()}
            self._finish(self._better_mp4(job, rungs, present))

    def _run(
        self, job: Job, rungs: list[Rung], present: Collection[str], done: float, share: float
    ) -> None:
        wanted = Wanted(
            rungs,
            audio=job.found.audio is not None and AUDIO not in present,
            loudness=job.found.audio is not None and job.asset.loudness is None,
            preset=self.resources.settings.encoder_preset,
        )
        made = encode(
            job.source,
            job.found,
            wanted,
            job.out,
            _patient(self.resources.tools, job.found),
            on_progress=lambda part: self._note(done + part * share),
            cancelled=self.resources.stopping.is_set,
        )
        for track in made.tracks:
            self.resources.storage.put(f"{self._folder(job)}/{track.file.name}", track.file)
        self._enter(job, made)
        for track in made.tracks:
            track.file.unlink()

    def _enter(self, job: Job, made: Encoded) -> None:
        """From the commit of this on, every player is offered what was made."""
        with self.write() as unit:
            asset = self._claimed(unit)
            if made.loudness is not None:
                asset.loudness = job.asset.loudness = made.loudness
            unit.session.add_all(
                rendition(asset.id, self._folder(job), track, unit.now) for track in made.tracks
            )

    def _better_mp4(
        self, job: Job, rungs: tuple[Rung, ...], present: dict[str, Rendition]
    ) -> tuple[UUID, int] | None:
        """An MP4 that old players take, at a better size, if the first one was not that yet."""
        best = best_for_mp4(rungs)
        if not needs_mp4(rungs, present):
            return None
        tracks = []
        for name in (best.name, AUDIO):
            if name in present:
                file = job.out / f"{name}.mp4"
                self.resources.storage.fetch(present[name].file, file)
                tracks.append(stored_track(file, name, present[name].language))
        target = job.out / MP4
        join(tracks, target, self.resources.tools, cancelled=self.resources.stopping.is_set)
        return self.claim, self.resources.storage.put(f"{self._folder(job)}/{MP4}", target)

    def _finish(self, mp4: tuple[UUID, int] | None) -> None:
        with self.write() as unit:
            self._claimed(unit).reach_top(mp4)

    def fail(self, reason: str) -> None:
        with self.write() as unit:
            self._claimed(unit).fall(reason)

    def _folder(self, job: Job) -> str:
        return f"media/{job.video.uid}/{self.claim}"

    def _present(self) -> list[Rendition]:
        with self.resources.database.reading() as session:
            return assets.of_asset(session, self.asset_id)

    def _claimed(self, unit: WriteUnit) -> Asset:
        """The asset, while it is this worker's and still plays; whoever holds it in memory is told.

        Raises `LostClaim`.
        """
        asset = assets.for_update(unit, self.asset_id)
        video = queries.playing(unit, self.asset_id)
        if asset is None or video is None or asset.ladder_claim != self.claim:
            raise LostClaim(
                "Another worker has taken the ladder over, or nobody wants it any more."
            )
        unit.changed(video.cache_key)
        announce(unit, video)
        return asset

    def _note(self, done: float) -> None:
        if self.is_soon():
            return
        with self.write() as unit:
            percent = min(99, int(done * 100))
            if assets.note_ladder(unit, self.asset_id, self.claim, percent):
                return
        raise LostClaim("Another worker has taken the ladder over.")


def best_for_mp4(rungs: tuple[Rung, ...]) -> Rung:
    """The rung that the progressive MP4 is made of."""
    fitting = [rung for rung in rungs if min(rung.width, rung.height) <= MP4_SIDE]
    return (fitting or rungs)[-1]


def needs_mp4(rungs: tuple[Rung, ...], present: dict[str, Rendition]) -> bool:
    """Whether the MP4 that was there first is less than what old players could have.

    A copy of H.264 and AAC is as good as can be; a first rung only if there is none above it.
    """
    copy = present.get(COPY)
    if copy is None:
        return best_for_mp4(rungs) != first_of(rungs)
    return not copy.codecs.startswith("avc1") or AUDIO_COPY in present


def _patient(tools: Tools, found: Probe) -> Tools:
    """The same tools, standing back behind what does not play yet, with time for long videos."""
    seconds = max(tools.limits.wall_seconds, found.duration_ms / 1000 * SLOWEST)
    return replace(tools, limits=replace(tools.limits, wall_seconds=seconds, niceness=NICENESS))


def runs_of(rungs: tuple[Rung, ...], present: Collection[str]) -> list[list[Rung]]:
    """What is missing: one rung that is soon there, then one decoding for all the others."""
    first = first_of(rungs)
    others = [rung for rung in rungs if rung is not first and rung.name not in present]
    return [run for run in ([] if first.name in present else [first], others) if run]
