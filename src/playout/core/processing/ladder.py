"""The ladder: from a video that plays to all its renditions, one after the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from playout.core.media import queries as assets
from playout.core.media.grant_lifetime import grant_end
from playout.core.media.model import Asset, LostClaim, Rendition
from playout.core.media.renditions import offered, rendition_of
from playout.core.media.streams import fragments_of
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
from playout.transcode.encode.mp4 import write_mp4
from playout.transcode.encode.top_rendition import rungs_below, segment_starts
from playout.transcode.encode.tracks import Track, stored_audio
from playout.transcode.inspect.probe import Probe
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


@dataclass(frozen=True, slots=True)
class LadderPlan:
    """The rungs of a video, smallest first, and how they fit to what plays already."""

    rungs: tuple[Rung, ...]
    cuts: list[float]
    """The beginnings of the segments of a copy that is the top rendition; [] if there is none."""
    mp4_rung: str | None
    """The rung that a better MP4 is made of; None if the first one cannot be bettered."""


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
            found = self.facts_of(asset, source, self.resources.tools)
            inputs = LadderInput(video, asset, source, out, found)
            present = self._present()
            plan = plan_of(ladder_for(found.video), present)
            runs = runs_of(plan.rungs, present)
            for number, run in enumerate(runs):
                part = 1 / len(runs)
                self._encode(inputs, plan, run, present, done=number * part, share=part)
                present = self._present()
                if number == 0:
                    self._encode_more_audio(inputs, present)
            if not runs:
                self._encode_more_audio(inputs, present)
            self.change(self._complete)

    def _encode(
        self,
        inputs: LadderInput,
        plan: LadderPlan,
        rungs: list[Rung],
        present: Mapping[str, Rendition],
        *,
        done: float,
        share: float,
    ) -> None:
        """Encode and store some rungs. `done` and `share` are parts of the whole, from 0 to 1."""
        wanted = EncodeRequest(
            rungs,
            encode_audio=inputs.found.audio is not None and AUDIO not in present,
            measure_loudness=inputs.found.audio is not None and inputs.asset.loudness is None,
            preset=self.resources.settings.encoder_preset,
            cuts=plan.cuts,
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
        tracks = self._with_mp4(inputs, plan, encoded.tracks, present)
        self._store(inputs, replace(encoded, tracks=tracks))

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
        folder, put = self._folder(inputs), self.resources.storage.put
        files = [track.file for track in encoded.tracks]
        sizes = {file.name: put(f"{folder}/{file.name}", file) for file in files}
        self.change(lambda unit: self._add_renditions(unit, inputs, encoded, sizes.get(MP4)))
        for file in files:
            file.unlink()

    def _with_mp4(
        self,
        inputs: LadderInput,
        plan: LadderPlan,
        tracks: list[Track],
        present: Mapping[str, Rendition],
    ) -> list[Track]:
        """Return the tracks; the one for a better MP4 lies in that MP4, with the sound."""
        if plan.mp4_rung is None or all(track.name != plan.mp4_rung for track in tracks):
            return tracks
        sound = next((track for track in tracks if track.name == AUDIO), None)
        if sound is None and AUDIO in present:
            file = inputs.out / f"stored-{AUDIO}.mp4"
            self.resources.storage.fetch(present[AUDIO].file, file)
            sound = stored_audio(file)
        return [
            write_mp4(track, sound, inputs.out / MP4) if track.name == plan.mp4_rung else track
            for track in tracks
        ]

    def _add_renditions(
        self, unit: WriteUnit, inputs: LadderInput, encoded: EncodeResult, mp4_size: int | None
    ) -> None:
        """Add rows for stored tracks: from the commit on, every player is offered them.

        `mp4_size` is the size in bytes of a better MP4 among them.
        """
        asset = self._claimed(unit)
        if mp4_size is not None:
            asset.mp4_version, asset.mp4_size = self.claim_id, mp4_size
        if encoded.loudness is not None:
            asset.loudness = inputs.asset.loudness = encoded.loudness
        # The answer to a commit may have been lost with the connection.
        added = {each.name for each in assets.asset_renditions(unit.session, self.asset_id)}
        unit.session.add_all(
            rendition_of(asset.id, self._folder(inputs), track, unit.now)
            for track in encoded.tracks
            if track.name not in added
        )

    def _complete(self, unit: WriteUnit) -> None:
        """Note that all renditions are stored, and until when there are those no longer offered."""
        self._claimed(unit).complete_ladder()
        rows = assets.asset_renditions(unit.session, self.asset_id)
        kept = offered(rows)
        for row in rows:
            if row not in kept:
                row.superseded_until = grant_end(unit.now)

    def fail(self, reason: str) -> None:
        self.change(lambda unit: self._claimed(unit).fail_ladder(reason))

    def _folder(self, inputs: LadderInput) -> str:
        return f"media/{inputs.video.uid}/{self.claim_id}"

    def _present(self) -> dict[str, Rendition]:
        with self.resources.database.read_session() as session:
            rows = assets.renditions_with_segments(session, self.asset_id)
            return {each.name: each for each in rows}

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


def plan_of(rungs: tuple[Rung, ...], present: Mapping[str, Rendition]) -> LadderPlan:
    """Return what is to be encoded. `rungs` are all that the source has room for."""
    copy, cuts = present.get(VIDEO_COPY), []
    if copy is not None and copy.is_aligned:
        cuts = segment_starts(fragments_of(copy))
        rungs = rungs_below(rungs, copy.codecs)
    mp4_rung = best_for_mp4(rungs).name if needs_mp4(rungs, present) else None
    return LadderPlan(rungs, cuts, mp4_rung)


def best_for_mp4(rungs: tuple[Rung, ...]) -> Rung:
    """Return the rung that the progressive MP4 is made of."""
    fitting = [rung for rung in rungs if min(rung.width, rung.height) <= MP4_SIDE]
    return (fitting or rungs)[-1]


def needs_mp4(rungs: tuple[Rung, ...], present: Mapping[str, Rendition]) -> bool:
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


def runs_of(rungs: tuple[Rung, ...], present: Mapping[str, Rendition]) -> list[list[Rung]]:
    """Return the rungs to encode, those of one decoding together.

    The first rung is encoded alone, being quick, unless the top rendition plays everywhere already.
    """
    missing = [rung for rung in rungs if rung.name not in present]
    copy = present.get(VIDEO_COPY)
    if copy is not None and copy.is_aligned and copy.codecs.startswith("avc1"):
        return [missing] if missing else []
    first = first_rung(rungs)
    runs = (
        [rung for rung in missing if rung is first],
        [rung for rung in missing if rung is not first],
    )
    return [run for run in runs if run]


@job(name="videos.ladder", queue="ladder", retry=RETRY, pass_attempt=True)
def encode_ladder(resources: Resources, attempt: Attempt, asset_id: UUID) -> None:
    """Encode the renditions of a video that plays already."""
    LadderJob(resources, asset_id, attempt.left).run()
