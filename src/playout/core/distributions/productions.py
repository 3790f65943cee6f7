"""Use cases of productions: videos, many at a time, as distribution systems know them."""

from collections.abc import Mapping, Sequence
from typing import Any

from playout.core.batch import Change, check_distinct, in_turn
from playout.core.distributions import queries
from playout.core.distributions.settings import bounded, patched
from playout.core.permissions import Permission
from playout.core.projects import queries as projects
from playout.core.projects import service as project_service
from playout.core.projects.model import Project
from playout.core.publications import queries as publication_queries
from playout.core.publications import service as publications
from playout.core.publications.model import Publication
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.kit.errors import Conflict, Forbidden, NotFound


def get(unit: ReadUnit, production_id: int) -> Video:
    """One production that the caller may see; else `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return _found(video_queries.by_id(unit, production_id))


def page(
    unit: ReadUnit, limit: int, before: int | None = None, project_id: int | None = None
) -> list[Video]:
    """The caller's productions, or those of one property, newest first, below the id `before`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.productions(unit, limit, before, project_id)


def create(unit: WriteUnit, items: Sequence[Mapping[str, Any]]) -> list[Video]:
    """Enter productions with `name` and, if they are said, `settings` and `property`.

    A property is a project's id; what names none goes to the key's default. Raises `Forbidden`
    for a property that the caller may not use, or that is not there.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    properties = _properties(unit, items)

    def draft(fields: Mapping[str, Any]) -> Video:
        said = {"title": fields["name"], "settings": bounded(fields.get("settings", {}))}
        return videos.drafted(unit, _usable(properties.get(fields.get("property"))), said)

    return videos.enter(unit, in_turn(items, draft))


def update(unit: WriteUnit, change: Change) -> Video:
    """Change one production: settings are merged (RFC 7396), what is not named stays.

    Raises `NotFound`, and `Forbidden` as `create` does. What changes nothing leaves no trace.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    return _changed(unit, queries.productions_for_update(unit, [change.id]), change)


def update_many(unit: WriteUnit, changes: Sequence[Change]) -> list[Video]:
    """Change productions, all of them or none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = _locked(unit, [change.id for change in changes])
    return in_turn(changes, lambda change: _changed(unit, found, change))


def remove(unit: WriteUnit, production_id: int) -> None:
    """Remove one production. Raises `NotFound`, and `Forbidden` for one that is out to somebody
    who may not publish."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = _found(queries.productions_for_update(unit, [production_id]).get(production_id))
    _remove(unit, video, publication_queries.of_videos(unit, {video.id}))


def remove_many(unit: WriteUnit, ids: Sequence[int]) -> None:
    """Remove productions, all of them or none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = _locked(unit, ids)
    out = publication_queries.of_videos(unit, set(found))
    in_turn(ids, lambda each: _remove(unit, _found(found.get(each)), out))


def locked(unit: WriteUnit, production_id: int) -> Video:
    """A production, locked for a change of what it has; else `NotFound`."""
    return _found(video_queries.for_update(unit, production_id))


def _locked(unit: WriteUnit, ids: Sequence[int]) -> dict[int, Video]:
    check_distinct(ids)
    return queries.productions_for_update(unit, ids)


def _changed(unit: WriteUnit, found: Mapping[int, Video], change: Change) -> Video:
    video = _found(found.get(change.id))
    unit.expect(video.etag)
    fields: dict[str, Any] = {}
    if "name" in change.fields:
        fields["title"] = change.fields["name"]
    if "settings" in change.fields:
        fields["settings"] = patched(video.settings, change.fields["settings"])
    if "property" in change.fields:
        fields["project_id"] = _property(unit, change.fields["property"], video).id
    videos.change(unit, video, fields)
    return video


def _remove(unit: WriteUnit, video: Video, out: Mapping[int, Publication]) -> None:
    unit.expect(video.etag)
    publications.delete(unit, video, out.get(video.id))


def _properties(
    unit: WriteUnit, items: Sequence[Mapping[str, Any]]
) -> dict[int | None, Project | None]:
    """The projects that a batch names, by their ids; under None the default, where it is meant."""
    named = {fields["property"] for fields in items if "property" in fields}
    found: dict[int | None, Project | None] = {
        project.id: project for project in projects.by_ids(unit, named)
    }
    if not all("property" in fields for fields in items):
        default = project_service.default_id(unit)
        if default is None:
            raise Conflict("There is no property yet to put it in.")
        found[None] = projects.by_id(unit, default)
    return found


def _property(unit: WriteUnit, project_id: int, video: Video) -> Project:
    """A project that the caller may use, and that a video may be moved to."""
    project = _usable(projects.by_id(unit, project_id))
    if video.organization_id != project.organization_id:
        raise _unusable()
    return project


def _usable(project: Project | None) -> Project:
    if project is None:
        raise _unusable()
    return project


def _unusable() -> Forbidden:
    return Forbidden("The property is not one that this key may use.")


def _found(video: Video | None) -> Video:
    if video is None:
        raise NotFound("There is no such production.")
    return video
