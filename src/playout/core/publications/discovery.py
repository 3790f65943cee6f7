"""Public videos for other sites: found by words, related to one, or popular at the moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from playout.core.permissions import Permission
from playout.core.publications import gallery, queries
from playout.core.publications.gallery import MOST_COUNTED, MOST_RELATED, Match, Selection
from playout.core.publications.queries import PublishedVideo
from playout.core.unit import ReadUnit
from playout.kit.errors import require_found

SQUARE_FROM, SQUARE_TO = 0.95, 1.05
"""Width by height of what is taken for a square."""


class Format(StrEnum):
    """The format of a picture."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Found:
    """The first videos that match, and how many there are; no more than a thousand are counted."""

    videos: Sequence[PublishedVideo]
    total: int


def search(unit: ReadUnit, words: str, picture: Format | None, limit: int) -> Found:
    """Return the public videos with these words and that format, newest first."""
    unit.principal.require(Permission.VIDEOS_READ)
    matches = gallery.search(unit.session, Selection(words=words), MOST_COUNTED).found
    chosen = _of_format(unit, matches, picture)
    return Found(gallery.videos(unit.session, chosen[:limit]), len(chosen))


def related(
    unit: ReadUnit,
    publication_id: str,
    picture: Format | None,
    limit: int,
    without: Collection[str] = (),
) -> list[PublishedVideo]:
    """Return public videos to watch after a public one. Raise `NotFound` if it is not public."""
    unit.principal.require(Permission.VIDEOS_READ)
    found = require_found(queries.public(unit.session, publication_id), "publication")
    matches = gallery.related_matches(unit.session, found.publication, MOST_RELATED)
    return _chosen(unit, matches, picture, limit, without)


def popular(
    unit: ReadUnit, picture: Format | None, limit: int, without: Collection[str] = ()
) -> list[PublishedVideo]:
    """Return the videos that are played most at the moment, among the newest ones."""
    unit.principal.require(Permission.VIDEOS_READ)
    matches = gallery.popular_matches(unit.session, MOST_RELATED)
    return _chosen(unit, matches, picture, limit, without)


def number_of_public(unit: ReadUnit) -> int:
    """Return how many videos everybody may find in the gallery."""
    unit.principal.require(Permission.VIDEOS_READ)
    return queries.number_of_public(unit)


def format_of(aspect_ratio: str | None, width: int | None, height: int | None) -> Format | None:
    """Return the format of a picture, by its aspect ratio as text or by its size; None if unknown.

    The text is like `9:16`.
    """
    across, _, down = (aspect_ratio or "").replace("/", ":").partition(":")
    try:
        ratio = float(across) / float(down)
    except (ValueError, ZeroDivisionError):
        if not width or not height:
            return None
        ratio = width / height
    if SQUARE_FROM <= ratio <= SQUARE_TO:
        return Format.SQUARE
    return Format.LANDSCAPE if ratio > 1 else Format.PORTRAIT


def _chosen(
    unit: ReadUnit,
    matches: Sequence[Match],
    picture: Format | None,
    limit: int,
    without: Collection[str],
) -> list[PublishedVideo]:
    others = [each for each in matches if each.publication_id not in without]
    return gallery.videos(unit.session, _of_format(unit, others, picture)[:limit])


def _of_format(unit: ReadUnit, matches: Sequence[Match], picture: Format | None) -> Sequence[Match]:
    if picture is None or not matches:
        return matches
    shapes = queries.shapes(unit, [each.publication_id for each in matches])
    return [
        each
        for each in matches
        if each.publication_id in shapes and format_of(*shapes[each.publication_id]) is picture
    ]
