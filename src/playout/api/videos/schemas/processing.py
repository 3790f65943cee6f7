"""The JSON of the processing of a video."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.videos.schemas.types import Int32, Seconds
from playout.core.media.model import Asset, AssetState, LadderState, Stage
from playout.core.processing.progress import ProcessingStatus
from playout.core.videos.model import Status, Video

InternalStatus = Literal[
    "planning",
    "scripting",
    "audio_sync",
    "visuals",
    "rendering",
    "merging",
    "completed",
    "failed",
]
INTERNAL_STATUS: dict[Status, InternalStatus] = {
    Status.NOT_STARTED: "planning",
    Status.IN_PROGRESS: "rendering",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}


class ProcessingOut(TypedDict):
    """Fields of a video that say how far its processing is."""

    internal_status: InternalStatus
    generation_progress: Annotated[Int32, Field(description="Progress percentage (0-100)")]
    is_regenerating: bool
    duration: Seconds | None


class ProgressOut(TypedDict):
    """One message of the progress stream.

    `progress` is the percentage until the video plays. `ladder` and `ladder_progress` are about
    the renditions that are encoded after that.
    """

    status: Status
    failure_reason: str | None
    stage: Stage | None
    progress: int
    ladder: LadderState | None
    ladder_progress: int
    renditions: list[str]


def processing_out(video: Video, asset: Asset | None, pending: Asset | None) -> ProcessingOut:
    """Return the JSON of the processing of a video.

    `asset` is what plays now, `pending` what is processed to replace it.
    """
    merging = pending is not None and (pending.needs_assembly or pending.stage is Stage.STORING)
    working = pending is not None and pending.state is not AssetState.FAILED
    done = 100 if video.status is Status.COMPLETED else 0
    return {
        "internal_status": "merging" if merging else INTERNAL_STATUS[video.status],
        "generation_progress": pending.progress if pending and working else done,
        "is_regenerating": pending is not None and video.playable,
        "duration": round(asset.duration_ms / 1000) if asset and asset.duration_ms else None,
    }


def progress_out(progress: ProcessingStatus) -> ProgressOut:
    """Return the JSON of one message of the progress stream."""
    playing = progress.playing
    return {
        "status": progress.video.status,
        "failure_reason": progress.video.failure_reason,
        "stage": progress.stage,
        "progress": progress.progress,
        "ladder": progress.ladder,
        "ladder_progress": playing.ladder_progress if playing else 0,
        "renditions": list(progress.renditions),
    }
