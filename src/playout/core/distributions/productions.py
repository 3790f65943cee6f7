"""Use cases of productions: videos, many at a time, as distribution systems know them."""

from collections.abc import Mapping, Sequence

from playout.core.batch import Change, check_distinct, for_each_item
from playout.core.distributions import queries
from playout.core.distributions.model import ChildFields
from playout.core.distributions.settings import bounded, patched
from playout.core.permissions import Permission
from playout.core.projects import queries as project_queries
from playout.core.projects import service as projects
from playout.core.projects.model import Project
from playout.core.publications import queries as publication_queries
from playout.core.publications import service as publications
from playout.core.publications.model import Publication
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video, VideoFields
from playout.kit.errors import Conflict, Forbidden, require_found

NOUN = "production"


class ProductionFields(ChildFields, total=False):
    """The fields of a production that a caller may set; `property` is the id of its project."""

    property: int


def get(unit: ReadUnit, production_id: int) -> Video:
    """Return a production that the caller may see. Raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    return require_found(video_queries.by_id(unit, production_id), NOUN)


def page(
    unit: ReadUnit, limit: int, before: int | None = None, project_id: int | None = None
) -> list[Video]:
    """Return productions with ids below `before`, newest first, of one project or of all."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.productions(unit, limit, before, project_id)


def create(unit: WriteUnit, items: Sequence[ProductionFields]) -> list[Video]:
    """Create productions. Each needs a `name`; without a `property` it goes to the key's default.

    Raise `Forbidden` for a property that does not exist or that the caller may not use.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    properties = _properties(unit, items)

    def draft(fields: ProductionFields) -> Video:
        project = _usable(properties.get(fields.get("property")))
        settings = bounded(fields.get("settings", {}))
        return videos.draft(unit, project, {"title": fields["name"], "settings": settings})

    return videos.insert(unit, for_each_item(items, draft))


def update(unit: WriteUnit, change: Change[ProductionFields]) -> Video:
    """Change a production. Settings are merged (RFC 7396), fields left out keep their values.

    A change that changes nothing is not recorded. Raise `NotFound`, and `Forbidden` as `create`
    does or when it is published and the caller may not publish.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    return _change(unit, queries.productions_for_update(unit, [change.id]), change)


def update_many(unit: WriteUnit, changes: Sequence[Change[ProductionFields]]) -> list[Video]:
    """Change productions, all of them or none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = _several_for_update(unit, [change.id for change in changes])
    return for_each_item(changes, lambda change: _change(unit, found, change))


def remove(unit: WriteUnit, production_id: int) -> None:
    """Remove a production.

    Raise `NotFound`, and `Forbidden` when it is published and the caller may not publish.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = queries.productions_for_update(unit, [production_id])
    video = require_found(found.get(production_id), NOUN)
    _remove(unit, video, publication_queries.of_videos(unit, {video.id}))


def remove_many(unit: WriteUnit, ids: Sequence[int]) -> None:
    """Remove productions, all of them or none."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    found = _several_for_update(unit, ids)
    published = publication_queries.of_videos(unit, set(found))
    for_each_item(ids, lambda each: _remove(unit, require_found(found.get(each), NOUN), published))


def get_for_update(unit: WriteUnit, production_id: int) -> Video:
    """Return a production, locked so that its child resources can change. Raise `NotFound`."""
    return require_found(video_queries.for_update(unit, production_id), NOUN)


def _several_for_update(unit: WriteUnit, ids: Sequence[int]) -> dict[int, Video]:
    check_distinct(ids)
    return queries.productions_for_update(unit, ids)


def _change(unit: WriteUnit, found: Mapping[int, Video], change: Change[ProductionFields]) -> Video:
    video = require_found(found.get(change.id), NOUN)
    access.check_may_change(unit, video)
    unit.check_if_match(video.etag)
    fields: VideoFields = {}
    if "name" in change.fields:
        fields["title"] = change.fields["name"]
    if "settings" in change.fields:
        fields["settings"] = patched(video.settings, change.fields["settings"])
    if "property" in change.fields:
        fields["project_id"] = _property_for(unit, change.fields["property"], video).id
    videos.change(unit, video, fields)
    return video


def _remove(unit: WriteUnit, video: Video, published: Mapping[int, Publication]) -> None:
    access.check_may_change(unit, video)
    unit.check_if_match(video.etag)
    publications.delete(unit, video, published.get(video.id))


def _properties(
    unit: WriteUnit, items: Sequence[ProductionFields]
) -> dict[int | None, Project | None]:
    """Return the projects that a batch names, by id, and under None the default if it is needed."""
    named = {fields["property"] for fields in items if "property" in fields}
    found: dict[int | None, Project | None] = {
        project.id: project for project in project_queries.by_ids(unit, named)
    }
    if not all("property" in fields for fields in items):
        default = projects.default_id(unit)
        if default is None:
            raise Conflict("There is no property yet that it could belong to.")
        found[None] = project_queries.by_id(unit, default)
    return found


def _property_for(unit: WriteUnit, project_id: int, video: Video) -> Project:
    """Return a project that the caller may use, and that a video may be moved to."""
    project = _usable(project_queries.by_id(unit, project_id))
    if video.organization_id != project.organization_id:
        raise _unusable()
    return project


def _usable(project: Project | None) -> Project:
    if project is None:
        raise _unusable()
    return project


def _unusable() -> Forbidden:
    return Forbidden("The property is not one that this key may use.")
