"""Has the sections of a video that have files of their own made into its source."""

from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.unit import WriteUnit
from playout.core.videos import queries, service
from playout.core.videos import sources as making
from playout.core.videos.model import Video
from playout.kit.errors import Conflict
from playout.kit.ids import uuid7

MOST_SECTIONS = 100


def assemble(unit: WriteUnit, video_id: int) -> Video:
    """Fetch the files of the video's active sections and join them in order.

    The `audio_file` of a section is heard where its `video_file` has no sound of its own. Which
    files is decided here: what is said of the sections later changes nothing of this. Raises
    `Conflict` when no section has a file, or too many have.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = service.get_for_update(unit, video_id)
    found = [
        {"order": section.order, "url": section.video_file, "audio_url": section.audio_file}
        for section in queries.sections(unit, [video.id])
        if section.video_file and section.is_active
    ]
    if not found:
        raise Conflict("No section of the video has a video_file to be assembled.")
    if len(found) > MOST_SECTIONS:
        raise Conflict(f"No more than {MOST_SECTIONS} sections can be assembled.")
    asset = Asset(
        id=uuid7(),
        organization_id=video.organization_id,
        sections=found,
        created_at=unit.now,
    )
    making.change(unit, video, lambda: making.begin(unit, video, asset))
    return video
