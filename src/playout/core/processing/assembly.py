"""Make the source of a video from the files of its sections, or from other videos."""

from collections.abc import Sequence

from playout.core.media import queries as assets
from playout.core.media.model import Asset, SectionFile
from playout.core.permissions import Permission
from playout.core.unit import WriteUnit
from playout.core.videos import queries, service, sessions, sources
from playout.core.videos.model import Video, VideoFields
from playout.kit.errors import Conflict
from playout.kit.ids import uuid7

MAX_SECTIONS = 100


def assemble(unit: WriteUnit, video_id: int) -> Video:
    """Fetch the files of the video's active sections and join them in order.

    Where a `video_file` has no sound of its own, the section's `audio_file` is its sound. The list
    of files is fixed now: later changes of the sections do not change it. Raise `Conflict` if no
    section has a file, or too many have one.
    """
    video = service.get_for_update(unit, video_id)
    files: list[SectionFile] = [
        {"order": section.order, "url": section.video_file, "audio_url": section.audio_file}
        for section in queries.sections(unit, [video.id])
        if section.video_file and section.is_active
    ]
    if not files:
        raise Conflict("No section of the video has a video_file to be assembled.")
    if len(files) > MAX_SECTIONS:
        raise Conflict(f"No more than {MAX_SECTIONS} sections can be assembled.")
    _assemble(unit, video, files)
    return video


def join(unit: WriteUnit, session_ids: Sequence[str]) -> Video:
    """Create a video of the videos of sessions, one after the other, in the project of the first.

    It has the title, the description and the language of the first. Raise `NotFound`, `Forbidden`
    for the session of another account, and `Conflict` for one that has no video that plays.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    videos = [sessions.get(unit, each) for each in session_ids]
    first = videos[0]
    if {each.organization_id for each in videos} != {first.organization_id}:
        raise Conflict("Only sessions of one organization can be joined.")
    playing = assets.by_ids(unit, {each.asset_id for each in videos if each.asset_id})
    files = [
        _file_of(number, video, playing.get(video.asset_id))
        for number, video in enumerate(videos, 1)
    ]
    fields: VideoFields = {
        "title": first.title,
        "description": first.description,
        "project_id": first.project_id,
        "language": first.language,
    }
    video = service.create(unit, fields)
    _assemble(unit, video, files)
    return video


def _file_of(number: int, video: Video, asset: Asset | None) -> SectionFile:
    if video.external_url:
        return {"order": number, "url": video.external_url}
    if asset is None or asset.source_key is None:
        raise Conflict(f"The session {video.session_id} has no final video yet.")
    return {"order": number, "key": asset.source_key}


def _assemble(unit: WriteUnit, video: Video, files: list[SectionFile]) -> None:
    asset = Asset(
        id=uuid7(),
        organization_id=video.organization_id,
        sections=files,
        created_at=unit.now,
    )
    sources.record_transition(unit, video, lambda: sources.start_processing(unit, video, asset))
