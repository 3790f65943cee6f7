"""Use cases of sections: the parts of a video, as the tool that created the video divides it."""

from collections.abc import Sequence
from typing import Any, TypedDict

from playout.core.ledger.model import FieldChanges, differences
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries, service
from playout.core.videos.model import Status, Video
from playout.core.videos.section_model import Section
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import require_found


class SectionFields(TypedDict, total=False):
    """The fields of a section that a caller may set."""

    order: int
    title: str | None
    content: Any
    duration: int | None
    video_file: str | None
    audio_file: str | None
    thumbnail: str | None
    section_summary: str | None
    internal_notes: str | None
    page_numbers: str | None
    alignment_data: Any
    audio_ready: bool
    visuals_ready: bool
    is_assembling: bool
    is_active: bool
    status: Status
    rag_documents: list[int]


def of_videos(unit: ReadUnit, video_ids: Sequence[int]) -> dict[int, list[Section]]:
    """Return the sections of videos that the caller may see, in order, by video."""
    found: dict[int, list[Section]] = {video_id: [] for video_id in video_ids}
    for section in queries.sections(unit, video_ids):
        found[section.video_id].append(section)
    return found


def get(unit: ReadUnit, video_id: int, section_id: int) -> Section:
    """Return a section of a video that the caller may see, or raise `NotFound`."""
    video = service.get(unit, video_id)
    return require_found(queries.section(unit, video, section_id), "section")


def add(unit: WriteUnit, video_id: int, fields: SectionFields) -> Section:
    """Add a section; `order` and `content` are required."""
    check_web_addresses(fields)
    video = service.get_for_update(unit, video_id)
    section = unit.stamp(Section(video_id=video.id, **fields))
    unit.session.add(section)
    unit.session.flush()
    _record(unit, video, section, {"added": [None, section.title]})
    return section


def update(unit: WriteUnit, video_id: int, section_id: int, fields: SectionFields) -> Section:
    """Change a section. Fields that are left out keep their values."""
    check_web_addresses(fields)
    video = service.get_for_update(unit, video_id)
    section = get(unit, video_id, section_id)
    before = {name: getattr(section, name) for name in fields}
    for name, value in fields.items():
        setattr(section, name, value)
    changes = differences(before, fields)
    if changes:
        unit.touch(section)
        _record(unit, video, section, changes)
    return section


def remove(unit: WriteUnit, video_id: int, section_id: int) -> None:
    """Remove a section."""
    video = service.get_for_update(unit, video_id)
    section = get(unit, video_id, section_id)
    section.deleted_at, section.deleted_by = unit.now, unit.principal.name
    _record(unit, video, section, {"removed": [section.title, None]})


def _record(unit: WriteUnit, video: Video, section: Section, changes: FieldChanges) -> None:
    named = {f"sections.{section.id}.{name}": change for name, change in changes.items()}
    unit.record("video.updated", video, named)
