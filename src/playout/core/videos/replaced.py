"""The versions of a video's files that were replaced, and how long players may still have them."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from playout.core.media import queries
from playout.core.media.replaced_versions import ReplacedVersion
from playout.core.unit import WriteUnit
from playout.core.videos.model import Video

GRACE = timedelta(minutes=10)
"""The time for which players that have started may go on with the replaced files."""
SOURCE, POSTER = "source", "poster"


def captions_part(language: str) -> str:
    """Return the name of the captions in that language, as a part of a video."""
    return f"captions.{language}"


def replace(
    unit: WriteUnit,
    video: Video,
    part: str,
    versions: Collection[UUID],
    *,
    at_once: bool,
    text: str | None = None,
) -> None:
    """Note that a part of a locked video has new files in place of those versions.

    The old files end after `GRACE`. With `at_once` they end now, and so does every version of that
    part that was replaced before. `text` is the text of captions.
    """
    if at_once:
        end(unit, video, part)
        return
    unit.invalidate(video)
    until = unit.now + GRACE
    unit.session.add_all(
        ReplacedVersion(
            version=version, video_id=video.id, epoch=video.epoch, part=part, until=until, text=text
        )
        for version in versions
    )


def replace_source(unit: WriteUnit, video: Video, *, at_once: bool) -> None:
    """Note that the asset of a locked video is about to be replaced. See `replace`."""
    if video.asset_id is not None:
        versions = queries.versions(unit, video.asset_id)
        replace(unit, video, SOURCE, versions, at_once=at_once)


def end(unit: WriteUnit, video: Video, part: str) -> None:
    """End all versions of a part of a video that were replaced."""
    unit.invalidate(video)
    queries.end_replaced(unit, video.id, part)
