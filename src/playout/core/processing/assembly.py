"""Make the source of a video from the files of its sections."""

from playout.core.media.model import Asset, SectionFile
from playout.core.unit import WriteUnit
from playout.core.videos import queries, service, sources
from playout.core.videos.model import Video
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
    asset = Asset(
        id=uuid7(),
        organization_id=video.organization_id,
        sections=files,
        created_at=unit.now,
    )
    sources.record_transition(unit, video, lambda: sources.start_processing(unit, video, asset))
    return video
