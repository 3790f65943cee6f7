"""Renaming and removing tags, which changes every video that has them."""

from typing import Any

from sqlalchemy import func

from playout.core.catalog import service as catalog
from playout.core.catalog.model import CatalogFields, Tag
from playout.core.permissions import Permission
from playout.core.unit import WriteUnit
from playout.core.videos import access, queries
from playout.core.videos.model import Video


def rename(unit: WriteUnit, tag_id: int, fields: CatalogFields) -> Tag:
    """Change a tag, and its name in the videos that have it.

    Raise `Forbidden` when one of them is published and the caller may not publish.
    """
    unit.principal.require(Permission.CATALOG_WRITE)
    before = catalog.get(unit, Tag, tag_id).name
    tag = catalog.update(unit, Tag, tag_id, fields)
    if tag.name != before:
        _change_videos(unit, tag, tag_names=func.array_replace(Video.tag_names, before, tag.name))
    return tag


def remove(unit: WriteUnit, tag_id: int) -> None:
    """Remove a tag, also from the videos that have it. Raise as `rename` does."""
    unit.principal.require(Permission.CATALOG_WRITE)
    tag = catalog.get(unit, Tag, tag_id)
    _change_videos(
        unit,
        tag,
        tag_names=func.array_remove(Video.tag_names, tag.name),
        tag_ids=func.array_remove(Video.tag_ids, tag.id),
    )
    catalog.remove(unit, Tag, tag_id)


def _change_videos(unit: WriteUnit, tag: Tag, **values: Any) -> None:
    published = queries.published_with_tag(unit, tag)
    access.check_may_change(unit, *published)
    # Only those that are published have pages in memory.
    unit.invalidate(*published)
    queries.change_tagged(unit, tag, **values)
