"""Rows that the JSON of a video shows beside the video itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from playout.core.accounts import queries as accounts
from playout.core.accounts.model import Member, Organization
from playout.core.catalog import queries as catalog
from playout.core.catalog.model import Category, Subcategory, Template
from playout.core.media import queries as media
from playout.core.media.model import Asset
from playout.core.publications import queries as publications
from playout.core.publications.model import Publication
from playout.core.unit import ReadUnit
from playout.core.videos import sections
from playout.core.videos.model import Section, Video


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """Rows that some videos refer to, by their ids."""

    organizations: dict[int, Organization]
    owners: dict[tuple[int, int | None], Member]
    """Members by the ids of their organizations and users."""
    assets: dict[UUID | None, Asset]
    templates: dict[int | None, Template]
    categories: dict[int | None, Category]
    subcategories: dict[int | None, Subcategory]
    publications: dict[int, Publication]
    """Publications by the id of the video."""
    sections: dict[int, list[Section]]
    """Sections by the id of the video."""

    @classmethod
    def of(cls, unit: ReadUnit, videos: Sequence[Video]) -> "RelatedRows":
        """Load the rows of some videos, with one query for each kind of row."""
        ids = [video.id for video in videos]
        asset_ids = {each for video in videos for each in (video.asset_id, video.pending_asset_id)}
        template_ids = {video.template_id for video in videos}
        category_ids = {video.category_id for video in videos}
        subcategory_ids = {video.subcategory_id for video in videos}
        return cls(
            organizations=accounts.organizations_by_id(unit, {v.organization_id for v in videos}),
            owners=accounts.members_by_id(
                unit, {(v.organization_id, v.owner_id) for v in videos if v.owner_id}
            ),
            assets=media.by_ids(unit, {each for each in asset_ids if each}),
            templates=catalog.any_by_id(unit, Template, template_ids),
            categories=catalog.any_by_id(unit, Category, category_ids),
            subcategories=catalog.any_by_id(unit, Subcategory, subcategory_ids),
            publications=publications.of_videos(unit, set(ids)),
            sections=sections.of_videos(unit, ids),
        )
