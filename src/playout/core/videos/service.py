"""Use cases of videos: enter, read, change, remove."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from playout.core.catalog import queries as catalog
from playout.core.catalog.model import Category, Subcategory, Tag, Template
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import queries as projects
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries, sources
from playout.core.videos.model import EDITABLE, FEED, Video
from playout.kit.errors import Invalid, NotFound


def create(
    unit: WriteUnit,
    fields: Mapping[str, Any],
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Enter a video with some of `EDITABLE`, `title` and `project_id` among them.

    `source_url` is fetched by a job, `external_url` is where the final video lies already. Raises
    `Invalid` for a project or anything else it refers to that is not the caller's.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = drafted(unit, _project(unit, fields["project_id"]), fields)
    sources.set_source(unit, video, source_url, external_url)
    return enter(unit, [video])[0]


def drafted(unit: WriteUnit, project: Project, fields: Mapping[str, Any]) -> Video:
    """A video of a project, not entered yet. Raises `Invalid` as `create` does."""
    video = Video(
        organization_id=project.organization_id,
        project_id=project.id,
        sub_account_id=unit.principal.sub_account_id,
        owner_id=unit.principal.user_id,
        created_at=unit.now,
        created_by=unit.principal.name,
        updated_at=unit.now,
        updated_by=unit.principal.name,
    )
    _apply(unit, video, {name: fields[name] for name in fields if name != "project_id"})
    return video


def enter(unit: WriteUnit, drafts: Sequence[Video]) -> list[Video]:
    """The drafted videos, entered: in one statement, however many they are."""
    # Only what was said of each: its dozens of NULLs are half of what a batch would cost.
    names = Video.__mapper__.column_attrs.keys()
    rows = [{name: vars(draft)[name] for name in names if name in vars(draft)} for draft in drafts]
    entered = queries.enter(unit, rows)
    for video in entered:
        unit.record("video.created", video.subject, differences({}, video.state()))
    return entered


def get(unit: ReadUnit, video_id: int) -> Video:
    """One video that the caller may see; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return _found(queries.by_id(unit, video_id))


def completed(unit: ReadUnit, limit: int) -> list[Video]:
    """The caller's playable videos, newest first."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.completed(unit, limit)


def update(
    unit: WriteUnit,
    video_id: int,
    fields: Mapping[str, Any],
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Change some of `EDITABLE`; what is not named stays. Raises as `create` does.

    What changes nothing leaves no row in the ledger.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = locked(unit, video_id)
    change(unit, video, fields, source_url, external_url)
    return video


def change(
    unit: WriteUnit,
    video: Video,
    fields: Mapping[str, Any],
    source_url: str | None = None,
    external_url: str | None = None,
) -> None:
    """Change a locked video and record what was changed."""
    before = video.state()
    _apply(unit, video, fields)
    sources.set_source(unit, video, source_url, external_url)
    changed = differences(before, video.state())
    if not changed and source_url is None:
        return
    if "visibility" in changed:
        video.narrow()
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(FEED, video.cache_key)
    unit.record("video.updated", video.subject, changed)


def locked(unit: WriteUnit, video_id: int) -> Video:
    """A video that the caller may change and that is as they last saw it."""
    video = _found(queries.for_update(unit, video_id))
    unit.expect(video.etag)
    return video


def mark_deleted(unit: WriteUnit, video: Video) -> None:
    """Remove a locked video; its row stays, so that its addresses are never another's."""
    video.disappear()
    video.deleted_at, video.deleted_by = unit.now, unit.principal.name
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(FEED, video.cache_key)
    unit.record("video.deleted", video.subject, {"title": [video.title, None]})


def _apply(unit: WriteUnit, video: Video, fields: Mapping[str, Any]) -> None:
    # What it refers to is looked up before it is written: the database would only fail.
    with unit.session.no_autoflush:
        for name in EDITABLE:
            if name in fields and not _comes_back(video, name, fields[name]):
                setattr(video, name, fields[name])
                # The ORM compares as Python does, where 1 and true are one and not worth an update.
                flag_modified(video, name)
        if "project_id" in fields:
            project = _project(unit, fields["project_id"])
            if project.organization_id != video.organization_id:
                raise _unknown("workspace")
        _check_catalog(unit, video, fields)


def _comes_back(video: Video, name: str, value: Any) -> bool:
    """Whether a value was not said but read: that there are subtitles follows from captions."""
    return name == "has_subtitles" and value is True and bool(video.caption_languages)


def _check_catalog(unit: WriteUnit, video: Video, fields: Mapping[str, Any]) -> None:
    """See that what the video is sorted by is its organization's."""
    organization_id = video.organization_id
    template, category = fields.get("template_id"), fields.get("category_id")
    if template is not None and not catalog.by_id(unit, Template, organization_id, template):
        raise _unknown("template")
    if category is not None and not catalog.by_id(unit, Category, organization_id, category):
        raise _unknown("category")
    _check_subcategory(unit, video, fields)
    if "tag_ids" in fields:
        tags = catalog.by_ids(unit, Tag, video.organization_id, fields["tag_ids"])
        if len(tags) != len(set(fields["tag_ids"])):
            raise _unknown("tags")
        video.tag_ids = list(dict.fromkeys(fields["tag_ids"]))
        video.tag_names = [tags[tag_id].name for tag_id in video.tag_ids]


def _check_subcategory(unit: WriteUnit, video: Video, fields: Mapping[str, Any]) -> None:
    """A subcategory brings its category along, and goes when the category goes."""
    if not video.subcategory_id:
        return
    sub = catalog.by_id(unit, Subcategory, video.organization_id, video.subcategory_id)
    fits = sub is not None and video.category_id in (None, sub.category_id)
    if sub is not None and fits and "subcategory_id" in fields:
        video.category_id = sub.category_id
    elif "subcategory_id" in fields and not fits:
        raise _unknown("subcategory")
    elif sub is None or video.category_id != sub.category_id:
        video.subcategory_id = None


def _project(unit: WriteUnit, project_id: int) -> Project:
    project = projects.by_id(unit, project_id)
    if project is None:
        raise _unknown("workspace")
    return project


def _unknown(field: str) -> Invalid:
    return Invalid(f"Unknown {field}.", {field: "There is none such that you may use."})


def _found(video: Video | None) -> Video:
    if video is None:
        raise NotFound("There is no such video.")
    return video
