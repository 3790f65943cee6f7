"""The poster that a caller chose for a video, in place of the one that Playout chose."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from playout.core.media import queries as assets
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.principal import WORKER
from playout.core.processing.media_job import RETRY
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.core.videos import access, queries, replaced, service
from playout.core.videos.model import Video
from playout.kit.errors import Conflict, Invalid
from playout.kit.jobs import job
from playout.transcode.names import MP4
from playout.transcode.pictures.custom_poster import posters_from_image, posters_from_video
from playout.transcode.pictures.posters import LARGEST_WEBP, POSTERS, webp_size


@dataclass(frozen=True, slots=True)
class Poster:
    """Pictures that are stored already, in the folder of that version."""

    version: UUID
    width: int
    height: int


def open_poster(unit: ReadUnit, video_id: int) -> UUID:
    """Return the uid of a video whose poster the caller may change.

    Raise `Forbidden` and `NotFound`.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = service.get(unit, video_id)
    access.check_may_change(unit, video)
    return video.uid


def store(resources: Resources, uid: UUID, image: bytes) -> Poster:
    """Make posters from an image that was sent, and store them. Raise `Invalid`."""

    def make(folder: Path, out: Path) -> None:
        file = folder / "image"
        file.write_bytes(image)
        posters_from_image(file, out, resources.tools)

    return _stored(resources, uid, make)


def discard(resources: Resources, uid: UUID, poster: Poster) -> None:
    """Remove stored pictures that no video shows."""
    for name in POSTERS:
        resources.storage.delete(f"media/{uid}/{poster.version}/{name}")


def put(unit: WriteUnit, video_id: int, poster: Poster, *, at_once: bool = False) -> Video:
    """Show stored pictures as the poster of a video. Raise `NotFound`.

    With `at_once`, the files of the custom poster that it had end now.
    """
    video = service.get_for_update(unit, video_id)
    _record(unit, video, str(poster.version))
    _replace(unit, video, at_once=at_once)
    _show(video, poster)
    return video


def put_frame(unit: WriteUnit, video_id: int, seconds: float, *, at_once: bool = False) -> Video:
    """Show the frame at that time as the poster, once a job has drawn it. See `put`.

    Raise `NotFound`, `Conflict` if the video does not play yet, `Invalid` if it is shorter.
    """
    video = service.get_for_update(unit, video_id)
    asset = _playing(unit, video)
    if asset is None or asset.duration_ms is None:
        raise Conflict("The video does not play yet, so no picture can be taken from it.")
    if not 0 <= seconds * 1000 <= asset.duration_ms:
        reason = f"The video lasts {asset.duration_ms / 1000:g} seconds."
        raise Invalid(reason, {"time": reason})
    _record(unit, video, {"time": seconds})
    video.poster_claim = uuid4()
    unit.defer(draw_poster, video.id, video.poster_claim, seconds, at_once)
    return video


def remove(unit: WriteUnit, video_id: int) -> None:
    """Go back to the poster that Playout chose. Where that is shown already, nothing changes."""
    video = service.get_for_update(unit, video_id)
    if video.poster_version is not None or video.poster_claim is not None:
        _record(unit, video, None)
        _replace(unit, video, at_once=True)
        _show(video, None)


@job(name="videos.poster", queue="media", retry=RETRY)
def draw_poster(
    resources: Resources, video_id: int, claim: UUID, seconds: float, at_once: bool = False
) -> None:
    """Draw the frame at that time and show it, unless another poster was chosen since."""
    with resources.work.write(WORKER, Origin("jobs", str(claim))) as unit:
        video = queries.for_update(unit, video_id)
        if video is None or video.poster_claim != claim:
            return
        asset = _playing(unit, video)
    if asset is None or asset.duration_ms is None:
        return
    key = f"media/{video.uid}/{asset.mp4_version or asset.version}/{MP4}"
    duration_ms = asset.duration_ms

    def make(folder: Path, out: Path) -> None:
        resources.storage.fetch(key, folder / MP4)
        if not posters_from_video(folder / MP4, seconds, duration_ms, out, resources.tools):
            raise Invalid("There is no picture at that time.")

    poster = _stored(resources, video.uid, make)
    with resources.work.write(WORKER, Origin("jobs", str(claim))) as unit:
        video = queries.for_update(unit, video_id)
        if video is not None and video.poster_claim == claim:
            unit.touch(video)
            _replace(unit, video, at_once=at_once)
            _show(video, poster)


def _stored(resources: Resources, uid: UUID, make: Callable[[Path, Path], None]) -> Poster:
    """Store what `make` writes: it gets a scratch folder, and the folder for the pictures."""
    version = uuid4()
    with job_folder(resources.job_folders) as folder:
        out = folder / "out"
        out.mkdir()
        make(folder, out)
        for name in POSTERS:
            resources.storage.put(f"media/{uid}/{version}/{name}", out / name)
        return Poster(version, *webp_size(out / LARGEST_WEBP))


def _playing(unit: ReadUnit, video: Video) -> Asset | None:
    playing = {video.asset_id} if video.asset_id else set()
    return assets.by_ids(unit, playing).get(video.asset_id)


def _record(unit: WriteUnit, video: Video, after: str | dict[str, float] | None) -> None:
    """Record which poster was chosen: its version, or the time of a frame still to be drawn."""
    before = str(video.poster_version) if video.poster_version else None
    unit.record("video.updated", video, {"poster": [before, after]})


def _replace(unit: WriteUnit, video: Video, *, at_once: bool) -> None:
    versions = {video.poster_version} if video.poster_version else set()
    replaced.replace(unit, video, replaced.POSTER, versions, at_once=at_once)


def _show(video: Video, poster: Poster | None) -> None:
    video.poster_version = poster.version if poster else None
    video.poster_width = poster.width if poster else None
    video.poster_height = poster.height if poster else None
    video.poster_claim = None
