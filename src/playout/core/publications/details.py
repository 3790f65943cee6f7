"""Videos with everything that their answers show, read in one statement as plain rows."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, any_, exists, inspect, select
from sqlalchemy.orm import aliased

from playout.core.accounts.model import Member, Membership, Organization, User
from playout.core.catalog.model import Category, Subcategory, Template
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.principal import IDS, Reach, with_parameters
from playout.core.publications.model import Publication
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries as videos
from playout.core.videos import sections
from playout.core.videos.model import Video
from playout.core.videos.section_model import Section
from playout.kit.database.statements import PlainRow, Statement, parameter
from playout.kit.errors import require_found

VIDEO = PlainRow(
    Video,
    [name for name in videos.WHOLE.names if name not in {"settings", "failed_asset_id"}],
)
ORGANIZATION = PlainRow(Organization, ["name", "slug"])
USER = PlainRow(User, ["id", "email", "username", "is_verified"])
MEMBERSHIP = PlainRow(Membership, ["user_id", "full_name", "profile_picture"])
ASSET = PlainRow(
    Asset,
    [
        *("id", "version", "state", "stage", "progress", "source_key", "sections"),
        *("duration_ms", "width", "height", "poster_size", "mp4_version", "ladder"),
        *("pictures_version", "storyboard", "has_preview", "chapters", "notes"),
    ],
)
TEMPLATE = PlainRow(
    Template,
    [
        *("id", "uid", "created_at", "updated_at", "created_by", "updated_by"),
        *("name", "description", "thumbnail", "preview_video_url", "voices"),
    ],
)

_playing, _pending = aliased(Asset), aliased(Asset)
_RELATED = (
    (ORGANIZATION, Organization),
    (USER, User),
    (MEMBERSHIP, Membership),
    (ASSET, _playing),
    (ASSET, _pending),
    (TEMPLATE, Template),
)
DECIDING = (
    *("organization_id", "owner_id", "asset_id", "pending_asset_id", "template_id"),
    *("category_id", "subcategory_id", "is_draft"),
)
"""The columns of a video that decide which rows are shown beside it."""
_HAS_SECTIONS = exists().where(Section.video_id == Video.id, Section.deleted_at.is_(None))
_SINGLE = (Category.name, Subcategory.name, Publication.slug, _HAS_SECTIONS)


class VideoDetails(NamedTuple):
    """A video with the rows that its JSON shows beside it; None for what it does not have."""

    video: Video
    organization: Organization
    owner: Member | None
    """None where the owner is a member no more, or where there is none."""
    asset: Asset | None
    """The asset that plays."""
    pending: Asset | None
    """The asset that is processed to replace it."""
    template: Template | None
    category: str | None
    subcategory: str | None
    slug: str | None
    """The slug of the publication."""
    sections: Sequence[Section]


def get(unit: ReadUnit, video_id: int) -> VideoDetails:
    """Return a video that the caller may see, or raise `NotFound`."""
    unit.principal.require(Permission.VIDEOS_READ)
    principal = unit.principal
    values = {**principal.parameters, "video_id": video_id}
    rows = _by_id(principal.reach).fetch(unit.session, values)
    return require_found(next(iter(of_rows(unit, rows)), None), "video")


def several(unit: ReadUnit, video_ids: Sequence[int]) -> list[VideoDetails]:
    """Return those of the videos that the caller may see, in one statement."""
    unit.principal.require(Permission.VIDEOS_READ)
    values = {**unit.principal.parameters, "video_ids": list(video_ids)}
    return of_rows(unit, _visible_by_ids(unit.principal.reach).fetch(unit.session, values))


def read_with_lock(unit: WriteUnit, video_id: int) -> None:
    """Have `of_video` find the details of a video that this unit is going to lock."""
    unit.read_with_lock(RELATED, {"video_id": video_id})


def of_video(unit: ReadUnit, video: Video) -> VideoDetails:
    """Return the details of a video that the caller may see and that this unit has loaded."""
    row = _read_with_lock(unit, video)
    if row is None:
        unit.session.flush()
        (row,) = RELATED.fetch(unit.session, {"video_id": video.id})
    shown = sections.of_videos(unit, [video.id])[video.id] if row[-1] else []
    return _details(video, row, shown)


def _read_with_lock(unit: ReadUnit, video: Video) -> Sequence[Any] | None:
    """Return the rows beside a video that were read with its lock, unless it has others now."""
    if not isinstance(unit, WriteUnit):
        return None
    rows = unit.read_with(RELATED, {"video_id": video.id})
    same = not any(inspect(video).attrs[name].history.has_changes() for name in DECIDING)
    return rows[0] if rows and same else None


def of_ids(unit: ReadUnit, ids: Sequence[int]) -> list[VideoDetails]:
    """Return videos that the caller may see, in the order of their ids here."""
    if not ids:
        return []
    found = of_rows(unit, BY_IDS.fetch(unit.session, {"video_ids": list(ids)}))
    by_id = {details.video.id: details for details in found}
    return [by_id[each] for each in ids if each in by_id]


def of_rows(unit: ReadUnit, rows: Sequence[Sequence[Any]]) -> list[VideoDetails]:
    """Return videos from rows with the columns of `COLUMNS`, and perhaps others before those."""
    made = [(VIDEO.make(row[-WIDTH : VIDEO.width - WIDTH]), row) for row in rows]
    parted = [video.id for video, row in made if row[-1]]
    shown = sections.of_videos(unit, parted) if parted else {}
    return [_details(video, row, shown.get(video.id, ())) for video, row in made]


def _related_columns() -> list[Any]:
    columns = [column for row, entity in _RELATED for column in row.columns(entity)]
    return [*columns, *_SINGLE]


def _joined(query: Select[*tuple[Any, ...]]) -> Any:
    """Return the query with the tables of its columns, joined to the videos."""
    membership = and_(
        Membership.organization_id == Video.organization_id, Membership.user_id == Video.owner_id
    )
    return (
        query.select_from(Video)
        .join(Organization, Organization.id == Video.organization_id)
        .outerjoin(User, User.id == Video.owner_id)
        .outerjoin(Membership, membership)
        .outerjoin(_playing, _playing.id == Video.asset_id)
        .outerjoin(_pending, _pending.id == Video.pending_asset_id)
        .outerjoin(Template, Template.id == Video.template_id)
        .outerjoin(Category, Category.id == Video.category_id)
        .outerjoin(Subcategory, Subcategory.id == Video.subcategory_id)
        .outerjoin(Publication, Publication.video_id == Video.id)
    )


def query() -> Select[*tuple[Any, ...]]:
    """Return the query of `COLUMNS`."""
    joined: Select[*tuple[Any, ...]] = _joined(select(*COLUMNS))
    return joined


RELATED_WIDTH = sum(row.width for row, _ in _RELATED) + len(_SINGLE)
WIDTH = VIDEO.width + RELATED_WIDTH
COLUMNS = [*VIDEO.columns(Video), *_related_columns()]
BY_IDS = Statement(query().where(Video.id == any_(parameter("video_ids", IDS))))
RELATED = Statement(_joined(select(*_related_columns())).where(Video.id == parameter("video_id")))


def _details(video: Video, row: Sequence[Any], shown: Sequence[Section]) -> VideoDetails:
    parts: list[Any] = []
    at = len(row) - RELATED_WIDTH
    for plain, _ in _RELATED:
        values = row[at : at + plain.width]
        parts.append(None if values[0] is None else plain.make(values))
        at += plain.width
    organization, user, membership, asset, pending, template = parts
    owner = None if membership is None else Member(user, membership)
    category, subcategory, slug, _ = row[at:]
    return VideoDetails(
        video, organization, owner, asset, pending, template, category, subcategory, slug, shown
    )


@lru_cache
def _by_id(reach: Reach) -> Statement:
    visible = videos.visible(with_parameters(reach)).where(Video.id == parameter("video_id"))
    assert visible.whereclause is not None  # noqa: S101  for the type checker
    return Statement(query().where(visible.whereclause))


@lru_cache
def _visible_by_ids(reach: Reach) -> Statement:
    ids = any_(parameter("video_ids", IDS))
    visible = videos.visible(with_parameters(reach)).where(Video.id == ids)
    assert visible.whereclause is not None  # noqa: S101  for the type checker
    return Statement(query().where(visible.whereclause))
