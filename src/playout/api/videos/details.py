"""Gathers what is told along with videos: a fixed number of queries, however many they are."""

from collections.abc import Sequence

from playout.api.request import OpenRequest
from playout.api.videos.wire import Detail, VideoDetail, video_out
from playout.core.accounts import queries as accounts
from playout.core.catalog import queries as catalog
from playout.core.catalog.model import Category, Subcategory, Template
from playout.core.media import queries as assets
from playout.core.publications import queries as publications
from playout.core.unit import ReadUnit
from playout.core.videos import sections
from playout.core.videos.model import Video


def out(call: OpenRequest, unit: ReadUnit, video: Video) -> VideoDetail:
    """One video as JSON."""
    return out_all(call, unit, [video])[0]


def out_all(call: OpenRequest, unit: ReadUnit, videos: Sequence[Video]) -> list[VideoDetail]:
    """Videos as JSON, in their order."""
    return [video_out(each, call.runtime.playback, unit.now) for each in _details(unit, videos)]


def _details(unit: ReadUnit, videos: Sequence[Video]) -> list[Detail]:
    assets_of = assets.by_ids(
        unit,
        {each for video in videos for each in (video.asset_id, video.pending_asset_id) if each},
    )
    organizations = accounts.organizations_by_id(unit, {v.organization_id for v in videos})
    owners = accounts.users_by_id(unit, {v.owner_id for v in videos if v.owner_id})
    slugs = publications.of_videos(unit, {video.id for video in videos})
    templates = catalog.any_by_id(unit, Template, {v.template_id for v in videos})
    categories = catalog.any_by_id(unit, Category, {v.category_id for v in videos})
    subcategories = catalog.any_by_id(unit, Subcategory, {v.subcategory_id for v in videos})
    parts = sections.of_videos(unit, [video.id for video in videos])
    return [
        Detail(
            video=video,
            organization=organizations[video.organization_id],
            owner=owners.get(video.owner_id),
            asset=assets_of.get(video.asset_id),
            pending=assets_of.get(video.pending_asset_id),
            slug=slugs[video.id].slug if video.id in slugs else None,
            template=templates.get(video.template_id),
            category=categories.get(video.category_id),
            subcategory=subcategories.get(video.subcategory_id),
            sections=tuple(parts[video.id]),
        )
        for video in videos
    ]
