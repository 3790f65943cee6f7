"""Published videos that belong together: all of them, those of a creator or those of a tag.

Feeds, sitemaps and their pages read these. Everybody may see every video in them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select, tuple_
from sqlalchemy.orm import Session

from playout.core.publications.model import Publication
from playout.core.publications.queries import Position, PublishedVideo, published
from playout.core.videos.model import Video


class Group(StrEnum):
    """The kind of a selection, as in its address."""

    CREATOR = "c"
    TAG = "t"


@dataclass(frozen=True, slots=True)
class Selection:
    """All published videos, or those of one creator or tag, which `slug` names."""

    group: Group | None = None
    slug: str = ""


EVERYTHING = Selection()


def newest(
    session: Session, selection: Selection, limit: int, before: Position | None = None
) -> list[PublishedVideo]:
    """Return published videos, newest first. `before` is the place of the last one before these."""
    query = _selected(published(), selection).limit(limit)
    query = query.order_by(Publication.created_at.desc(), Publication.id.desc())
    if before is not None:
        query = query.where(tuple_(Publication.created_at, Publication.id) < before)
    return [PublishedVideo(*row) for row in session.execute(query)]


def oldest(
    session: Session, selection: Selection, limit: int, after: Position | None = None
) -> list[PublishedVideo]:
    """Return published videos, oldest first. `after` is the place of the last one before these."""
    query = _selected(published(), selection).limit(limit)
    query = query.order_by(Publication.created_at, Publication.id)
    if after is not None:
        query = query.where(tuple_(Publication.created_at, Publication.id) > after)
    return [PublishedVideo(*row) for row in session.execute(query)]


def places(session: Session, selection: Selection, every: int) -> list[Position]:
    """Return the place of every so many-th published video, oldest first, unless it is the last."""
    place = (Publication.created_at, Publication.id)
    number = func.row_number().over(order_by=place).label("number")
    count = func.lead(Publication.id).over(order_by=place).label("following")
    query = select(*place, number, count).join(Video, Video.id == Publication.video_id)
    if selection == EVERYTHING:
        query = select(*place, number, count)
    numbered = _selected(query, selection).subquery()
    chosen = select(numbered.c.created_at, numbered.c.id).where(
        numbered.c.number % every == 0, numbered.c.following.is_not(None)
    )
    found = session.execute(chosen.order_by(numbered.c.created_at, numbered.c.id))
    return [(row.created_at, row.id) for row in found]


def name_of(found: PublishedVideo, selection: Selection) -> str:
    """Return the name of a selection as one of its videos spells it; "" for all videos."""
    if selection.group is Group.CREATOR:
        return found.publication.creator_handle or ""
    names: list[str] = found.publication.public_fields(found.video)["tags"] or []
    spelled = (name for name in names if slug_of(name) == selection.slug)
    return next(spelled, selection.slug) if selection.group is Group.TAG else ""


def slug_of(name: str) -> str:
    """Return the slug of a creator or tag: its words in lower case, with hyphens between them."""
    return "-".join("".join(each if each.isalnum() else " " for each in name.lower()).split())


def _selected(query: Select[*tuple[Any, ...]], selection: Selection) -> Any:
    query = query.where(Publication.is_public)
    if selection.group is Group.CREATOR:
        return query.where(_slug(Publication.creator_handle) == selection.slug)
    if selection.group is Group.TAG:
        names = func.unnest(func.coalesce(Publication.tags, Video.tag_names)).column_valued("name")
        return query.where(select(names).where(_slug(names) == selection.slug).exists())
    return query


def _slug(name: SQLColumnExpression[Any]) -> ColumnElement[str]:
    spaced = func.regexp_replace(func.lower(name), "[^[:alnum:]]+", "-", "g")
    return func.btrim(spaced, "-")
