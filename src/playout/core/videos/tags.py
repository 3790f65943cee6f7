"""Renaming and removing tags, which changes every video that has them."""

from sqlalchemy import func

from playout.core.catalog import service as catalog
from playout.core.catalog.model import CatalogFields, Tag
from playout.core.unit import WriteUnit
from playout.core.videos import queries
from playout.core.videos.model import Video


def rename(unit: WriteUnit, tag_id: int, fields: CatalogFields) -> Tag:
    """Change a tag, and its name in the videos that have it."""
    before = catalog.get(unit, Tag, tag_id).name
    tag = catalog.update(unit, Tag, tag_id, fields)
    if tag.name != before:
        queries.change_tagged(
            unit, tag, tag_names=func.array_replace(Video.tag_names, before, tag.name)
        )
    return tag


def remove(unit: WriteUnit, tag_id: int) -> None:
    """Remove a tag, also from the videos that have it."""
    tag = catalog.get(unit, Tag, tag_id)
    queries.change_tagged(
        unit,
        tag,
        tag_names=func.array_remove(Video.tag_names, tag.name),
        tag_ids=func.array_remove(Video.tag_ids, tag.id),
    )
    catalog.remove(unit, Tag, tag_id)
