"""The ladder: from a video that plays to all its renditions, one after the other."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.model import Asset, LostClaim, Rendition
from playout.core.media.renditions import rendition_of
from playout.core.processing.media_job import RETRY, MediaJob
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.videos import queries, sources
from playout.core.videos.model import Video
from playout.kit.jobs import Attempt, job
from playout.transcode.encode.encode import EncodeRequest, EncodeResult, encode
from playout.transcode.encode.ladder import Rung, first_rung, ladder_for
from playout.transcode.encode.more_audio import encode_more_audio
from playout.transcode.encode.mux import mux
from playout.transcode.encode.tracks import stored_track
from playout.transcode.inspect.probe import Probe, probe
from playout.transcode.names import AUDIO, AUDIO_COPY, MP4, VIDEO_COPY
from playout.transcode.sandbox.tools import Tools

SLOWEST = 40
"""Seconds that a ladder may take for each second of video, if that is more than the usual limit."""
NICENESS = 5
MP4_SIDE = 1080
"""Pixels of the shorter side. The progressive MP4 is made of the largest rung up to this: every
player can decode it."""


@dataclass(frozen=True, slots=True)
class LadderInput:
    """The inputs of one attempt. `out` is the folder that the encoder writes to."""

    video: Video
    asset: Asset
    source: Path
    out: Path
    found: Probe


class LadderJob(MediaJob):
    """The job that encodes the renditions that are missing. It never removes what plays."""

    def claim(self) -> tuple[Asset, Video] | None:
        with self.write() as unit:
            asset = assets.for_update(unit, self.asset_id)
            video = queries.playing(unit, self.asset_id)
            if asset is None or video is None or asset.ladder is None:
                return None
            asset.start_ladder(self.claim_id)
            return asset, video

    def work(self, asset: Asset, video: Video) -> None:
        with job_folder(self.resources.job_folders) as folder:
            source, out = folder / "source", folder / "out"
            out.mkdir()
            self.resources.storage.fetch(asset.source_key or "", source)
            found = probe(source, self.resources.tools, cancelled=self.resources.stopping.is_set)
            inputs = LadderInput(video, asset, source, out, found)
            rungs = ladder_for(found.video)
            present = self._present()
            runs = runs_of(rungs, present)
            for number, run in enumerate(runs):
                self._encode(inputs, run, present, number / len(runs), 1 / len(runs))
                present = self._present()
                if number == 0:
                    self._encode_more_audio(inputs, present)
            if not runs:
                self._encode_more_audio(inputs, present)
            mp4 = self._better_mp4(inputs, rungs, present)
            self.change(lambda unit: self._claimed(unit).complete_ladder(mp4))

    def _encode(
        self,
        inputs: LadderInput,
        rungs: list[Rung],
        present: Collection[str],
        done: float,
        share: float,
    ) -> None:
        """Encode and store some rungs. `done` and `share` are parts of the whole, from 0 to 1."""
        wanted = EncodeRequest(
            rungs,
            encode_audio=inputs.found.audio is not None and AUDIO not in present,
            measure_loudness=inputs.found.audio is not None and inputs.asset.loudness is None,
            preset=self.resources.settings.encoder_preset,
        )
        encoded = encode(
            inputs.source,
            inputs.found,
            wanted,
            inputs.out,
            _background_tools(self.resources.tools, inputs.found),
            on_progress=lambda part: self._report(done + part * share),
            cancelled=self.resources.stopping.is_set,
        )
        self._store(inputs, encoded)

    def _encode_more_audio(self, inputs: LadderInput, present: Collection[str]) -> None:
        """Encode and store other languages and commentaries: they follow the main audio."""
        tracks = encode_more_audio(
            inputs.source,
            inputs.found,
            present,
            inputs.out,
            _background_tools(self.resources.tools, inputs.found),
            cancelled=self.resources.stopping.is_set,
        )
        if tracks:
            self._store(inputs, EncodeResult(tracks))

    def _store(self, inputs: LadderInput, encoded: EncodeResult) -> None:
        for track in encoded.tracks:
            self.resources.storage.put(f"{self._folder(inputs)}/{track.file.name}", track.file)
        self.change(lambda unit: self._add_renditions(unit, inputs, encoded))
        for track in encoded.tracks:
            track.file.unlink()

    def _add_renditions(self, unit: WriteUnit, inputs: LadderInput, encoded: EncodeResult) -> None:
        """Add rows for stored tracks: from the commit on, every player is offered them."""
        asset = self._claimed(unit)
        if encoded.loudness is not None:
            asset.loudness = inputs.asset.loudness = encoded.loudness
        # The answer to a commit may have been lost with the connection.
        added = {each.name for each in assets.asset_renditions(unit.session, self.asset_id)}
        unit.session.add_all(
            rendition_of(asset.id, self._folder(inputs), track, unit.now)
            for track in encoded.tracks
            if track.name not in added
        )

    def _better_mp4(
        self, inputs: LadderInput, rungs: tuple[Rung, ...], present: dict[str, Rendition]
    ) -> tuple[UUID, int] | None:
        """Make an MP4 of a better size that old players take, if the first one is not that yet.

        Return the version of its folder and its size in bytes.
        """
        best = best_for_mp4(rungs)
        if not needs_mp4(rungs, present):
            return None
        tracks = []
        for name in (best.name, AUDIO):
            if name in present:
                file = inputs.out / f"{name}.mp4"
                row = present[name]
                self.resources.storage.fetch(row.file, file)
                tracks.append(stored_track(file, name, fps=row.fps, language=row.language))
        target = inputs.out / MP4
        mux(tracks, target, self.resources.tools, cancelled=self.resources.stopping.is_set)
        size = self.resources.storage.put(f"{self._folder(inputs)}/{MP4}", target)
        return self.claim_id, size

    def fail(self, reason: str) -> None:
        self.change(lambda unit: self._claimed(unit).fail_ladder(reason))

    def _folder(self, inputs: LadderInput) -> str:
        return f"media/{inputs.video.uid}/{self.claim_id}"

    def _present(self) -> dict[str, Rendition]:
        with self.resources.database.read_session() as session:
            return {each.name: each for each in assets.asset_renditions(session, self.asset_id)}

    def _claimed(self, unit: WriteUnit) -> Asset:
        """Lock the asset for a change, and invalidate what is in memory of its video.

        Raise `LostClaim` unless this worker holds the claim and the asset still plays.
        """
        asset = assets.for_update(unit, self.asset_id)
        video = queries.playing(unit, self.asset_id)
        if asset is None or video is None or asset.ladder_claim != self.claim_id:
            raise LostClaim("Another worker has taken the ladder over, or no video needs it.")
        unit.invalidate(video)
        sources.processing_changed(unit, video)
        return asset

    def _report(self, done: float) -> None:
        if not self.report_is_due():
            return
        percent = min(99, int(done * 100))
        self.report(
            lambda unit: assets.note_ladder_progress(unit, self.asset_id, self.claim_id, percent)
        )


def best_for_mp4(rungs: tuple[Rung, ...]) -> Rung:
    """Return the rung that the progressive MP4 is made of."""
    fitting = [rung for rung in rungs if min(rung.width, rung.height) <= MP4_SIDE]
    return (fitting or rungs)[-1]


def needs_mp4(rungs: tuple[Rung, ...], present: dict[str, Rendition]) -> bool:
    """Return whether old players could have a better MP4 than the one that was made first.

    A copy of H.264 and AAC cannot be bettered; a first rung can where there is one above it.
    """
    copy = present.get(VIDEO_COPY)
    if copy is None:
        return best_for_mp4(rungs) != first_rung(rungs)
    return not copy.codecs.startswith("avc1") or AUDIO_COPY in present


def _background_tools(tools: Tools, found: Probe) -> Tools:
    """Return the tools with time for long videos, and behind the jobs of what does not play yet."""
    seconds = max(tools.limits.wall_seconds, found.duration_ms / 1000 * SLOWEST)
    return replace(tools, limits=replace(tools.limits, wall_seconds=seconds, niceness=NICENESS))


def runs_of(rungs: tuple[Rung, ...], present: Collection[str]) -> list[list[Rung]]:
    """Return the rungs to encode: the first alone, being quick, then all others in one decoding."""
    first = first_rung(rungs)
    others = [rung for rung in rungs if rung is not first and rung.name not in present]
    return [run for run in ([] if first.name in present else [first], others) if run]


@job(name="videos.ladder", queue="ladder", retry=RETRY, pass_attempt=True)
def encode_ladder(resources: Resources, attempt: Attempt, asset_id: UUID) -> None:
    """Encode the renditions of a video that plays already."""
    LadderJob(resources, asset_id, attempt.left).run()
