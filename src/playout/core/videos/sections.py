"""Use cases of sections: the parts of a video, as the tool that made it divides it."""

from collections.abc import Mapping, Sequence
from typing import Any

from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries, service
from playout.core.videos.model import Section, Video
from playout.kit.errors import NotFound

FIELDS = (
    "order",
    "title",
    "content",
    "duration",
    "video_file",
    "audio_file",
    "thumbnail",
    "section_summary",
    "internal_notes",
    "page_numbers",
    "alignment_data",
    "audio_ready",
    "visuals_ready",
    "is_assembling",
    "is_active",
    "status",
    "rag_documents",
)
"""What a caller may say of a section."""


def of_videos(unit: ReadUnit, video_ids: Sequence[int]) -> dict[int, list[Section]]:
    """Sections of videos that the caller has been shown already, in order, by video."""
    found: dict[int, list[Section]] = {video_id: [] for video_id in video_ids}
    for section in queries.sections(unit, video_ids):
        found[section.video_id].append(section)
    return found


def get(unit: ReadUnit, video_id: int, section_id: int) -> Section:
    """One section of a video that the caller may see; else `NotFound`."""
    video = service.get(unit, video_id)
    section = queries.section(unit, video, section_id)
    if section is None:
        raise NotFound("There is no such section.")
    return section


def add(unit: WriteUnit, video_id: int, fields: Mapping[str, Any]) -> Section:
    """Add a section; `order` and `content` are needed."""
    video = _changing(unit, video_id)
    section = Section(
        video_id=video.id,
        created_at=unit.now,
        created_by=unit.principal.name,
        updated_at=unit.now,
        updated_by=unit.principal.name,
        **fields,
    )
    unit.session.add(section)
    unit.session.flush()
    _record(unit, video, section, {"added": [None, section.title]})
    return section


def update(unit: WriteUnit, video_id: int, section_id: int, fields: Mapping[str, Any]) -> Section:
    """Change a section; what is not named stays."""
    video = _changing(unit, video_id)
    section = get(unit, video_id, section_id)
    before = {name: getattr(section, name) for name in fields}
    for name, value in fields.items():
        setattr(section, name, value)
    changed = differences(before, dict(fields))
    if changed:
        section.updated_at, section.updated_by = unit.now, unit.principal.name
        _record(unit, video, section, changed)
    return section


def remove(unit: WriteUnit, video_id: int, section_id: int) -> None:
    video = _changing(unit, video_id)
    section = get(unit, video_id, section_id)
    section.deleted_at, section.deleted_by = unit.now, unit.principal.name
    _record(unit, video, section, {"removed": [section.title, None]})


def _changing(unit: WriteUnit, video_id: int) -> Video:
    unit.principal.require(Permission.VIDEOS_WRITE)
    return service.locked(unit, video_id)


def _record(unit: WriteUnit, video: Video, section: Section, changes: Mapping[str, Any]) -> None:
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(video.cache_key)
    named = {f"sections.{section.id}.{name}": change for name, change in changes.items()}
    unit.record("video.updated", video.subject, named)
