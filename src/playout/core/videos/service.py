"""Use cases of videos: create, get, change, delete."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from playout.core.catalog import queries as catalog
from playout.core.catalog.model import Category, Subcategory, Tag, Template
from playout.core.ledger.model import differences
from playout.core.media.model import Asset, Chapter
from playout.core.permissions import Permission
from playout.core.projects import queries as projects
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access, planning, queries, sources
from playout.core.videos.chapters import chapters_of, in_order
from playout.core.videos.model import TIMED, Video, VideoFields
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Conflict, Invalid, require_found
from playout.kit.passwords import changed_hash


def create(
    unit: WriteUnit,
    fields: VideoFields,
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Create a video; `title` and `project_id` are required.

    A job fetches `source_url`. At `external_url` the final video exists already. Raise `Invalid`
    for a project, or anything else that the fields refer to, that is not the caller's.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = draft(unit, _project(unit, fields["project_id"]), fields)
    sources.set_source(unit, video, source_url, external_url)
    return insert(unit, [video])[0]


def draft(unit: WriteUnit, project: Project, fields: VideoFields) -> Video:
    """Return a new video of a project, which is not inserted. Raise `Invalid` as `create` does."""
    video = unit.stamp(
        Video(
            organization_id=project.organization_id,
            project_id=project.id,
            sub_account_id=unit.principal.sub_account_id,
            owner_id=unit.principal.user_id,
        )
    )
    others = fields.copy()
    others.pop("project_id", None)
    _apply(unit, video, others)
    return video


def insert(unit: WriteUnit, drafts: Sequence[Video]) -> list[Video]:
    """Insert drafted videos in one statement, however many they are, and return them."""
    # Only the columns that were set: dozens of NULLs each would be half of the cost of a batch.
    names = Video.__mapper__.column_attrs.keys()
    rows = [{name: vars(each)[name] for name in names if name in vars(each)} for each in drafts]
    inserted = queries.insert_videos(unit, rows)
    for video in inserted:
        unit.record("video.created", video, differences({}, video.audit_state()))
    return inserted


def get(unit: ReadUnit, video_id: int) -> Video:
    """Return a video that the caller may see, or raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return require_found(queries.by_id(unit, video_id), "video")


def completed(unit: ReadUnit, limit: int) -> list[Video]:
    """Return the caller's playable videos, newest first."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.completed(unit, limit)


def update(
    unit: WriteUnit,
    video_id: int,
    fields: VideoFields,
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Change a video. Fields that are left out keep their values. Raise as `create` does.

    A change that changes nothing is not recorded.
    """
    video = get_for_update(unit, video_id)
    change(unit, video, fields, source_url, external_url)
    return video


def change(
    unit: WriteUnit,
    video: Video,
    fields: VideoFields,
    source_url: str | None = None,
    external_url: str | None = None,
) -> None:
    """Change a locked video, and record what has changed."""
    before, password = video.audit_state(), video.password_hash
    _apply(unit, video, fields)
    sources.set_source(unit, video, source_url, external_url)
    changes = differences(before, video.audit_state())
    if not changes and source_url is None and video.password_hash == password:
        return
    if "visibility" in changes:
        video.revoke_grants()  # others may watch the video now
    unit.record("video.updated", video, changes)


def get_for_update(unit: WriteUnit, video_id: int) -> Video:
    """Return a video, locked, that the caller may change and has seen as it is.

    Raise `Forbidden`, `NotFound` and `PreconditionFailed`.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = require_found(queries.for_update(unit, video_id), "video")
    access.check_may_change(unit, video)
    unit.check_if_match(video.etag)
    return video


def mark_deleted(unit: WriteUnit, video: Video) -> None:
    """Delete a locked video. Its row stays, so that its ids are never given to another."""
    video.unpublish()
    video.deleted_at, video.deleted_by = unit.now, unit.principal.name
    unit.record("video.deleted", video, {"title": [video.title, None]})


def restore(unit: WriteUnit, video_id: int, since: datetime) -> Video:
    """Bring back a video that was deleted since then, as a draft.

    Whoever deleted it may do so, and whoever may publish. Raise `Forbidden`, `NotFound`, and
    `Conflict` if its file was still being processed: that ended.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = require_found(queries.deleted_for_update(unit, video_id, since), "video")
    if video.deleted_by != unit.principal.name:
        unit.principal.require(Permission.VIDEOS_PUBLISH)
    if video.pending_asset_id is not None:
        raise Conflict("Its file was still being processed: upload it again.")
    assert video.deleted_at is not None  # noqa: S101  for the type checker
    changes = {"deleted_at": [video.deleted_at.isoformat(), None]}
    video.deleted_at = video.deleted_by = None
    unit.record("video.updated", video, changes)
    return video


def _apply(unit: WriteUnit, video: Video, fields: VideoFields) -> None:
    check_web_addresses(fields)
    fields = planning.checked(unit, video, fields)
    # References are looked up before they are written: the database would only fail.
    with unit.session.no_autoflush:
        if "chapters" in fields:  # first: they may be those of the description as it was
            _set_chapters(unit, video, fields["chapters"])
        if "password" in fields:
            _set_password(unit, video, fields["password"])
        for name, value in fields.items():
            if name not in {"chapters", "password"} and not _is_derived(video, name, value):
                setattr(video, name, value)
                # The ORM compares as Python does, where 1 and True are equal: no update would come.
                flag_modified(video, name)
        if "project_id" in fields:
            project = _project(unit, fields["project_id"])
            if project.organization_id != video.organization_id:
                raise _unknown("workspace")
        _check_catalog(unit, video, fields)
    if fields.keys() & set(TIMED):
        video.plan_changes()


def _is_derived(video: Video, name: str, value: object) -> bool:
    """Return whether a client sends back a value that it read, and that follows from captions."""
    return name == "has_subtitles" and value is True and bool(video.caption_languages)


def _set_password(unit: WriteUnit, video: Video, password: str | None) -> None:
    """Set the password, or none. Raise `Forbidden` unless the caller may publish."""
    if password is not None or video.has_password:
        unit.principal.require(Permission.VIDEOS_PUBLISH)
        video.set_password(changed_hash(video.password_hash, password))


def _set_chapters(unit: WriteUnit, video: Video, sent: list[Chapter] | None) -> None:
    """Set the chapters of a video, unless a client sends back what it read. None removes them."""
    chapters = None if sent is None else in_order(sent)
    asset = unit.session.get(Asset, video.asset_id) if video.asset_id else None
    if video.chapters is not None or chapters != chapters_of(video, asset):
        video.chapters = chapters


def _check_catalog(unit: WriteUnit, video: Video, fields: VideoFields) -> None:
    """Raise `Invalid` unless the catalog entries of the video are its organization's."""
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


def _check_subcategory(unit: WriteUnit, video: Video, fields: VideoFields) -> None:
    """Set the category of a new subcategory, and drop a subcategory of another category."""
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
    return Invalid(f"Unknown {field}.", {field: "There is none with this id that you may use."})
