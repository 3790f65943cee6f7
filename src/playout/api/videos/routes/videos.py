"""Routes of videos: create, read, change, publish, delete."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import WithJsonSchema

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, ETAG_OR_304, IF_MATCH, IF_MATCH_AND_ETAG, READ_ONLY_POST
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.types import NFC, Flag, Id
from playout.api.videos.paging import ListOf, Page, count_headers
from playout.api.videos.schemas.types import NO_NUL
from playout.api.videos.schemas.videos import (
    VideoIn,
    VideoOut,
    VideoPatch,
    VideoUrlIn,
    details_answer,
    video_answer,
    video_out,
)
from playout.core.publications import details, video_pages
from playout.core.publications import service as publications
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service
from playout.core.videos.listing import ORDERINGS, Listing, VideoFilter
from playout.core.videos.model import Status, Visibility
from playout.runtime import Runtime

CURSOR = (
    "The cursor from `next`. With it, the page begins after the last video of the page before, and"
    " `page` is only its number"
)

router = APIRouter(prefix="/videos", route_class=StrictRoute, tags=["videos"])


async def _listing(  # noqa: PLR0917  each is a parameter of the query
    search: Annotated[str, Query(max_length=200), NFC] = "",
    ordering: Annotated[str, WithJsonSchema({"type": "string", "enum": ORDERINGS})] = "-id",
    workspace: Id | None = None,
    status: Status | None = None,
    visibility: Visibility | None = None,
    is_draft: Flag | None = None,
    category: Id | None = None,
    subcategory: Id | None = None,
    tags: Id | None = None,
    owner: Id | None = None,
    language: Annotated[str | None, Query(max_length=35, pattern=NO_NUL), NFC] = None,
) -> Listing:
    video_filter = VideoFilter(
        project_id=workspace,
        status=status,
        visibility=visibility,
        is_draft=is_draft,
        category_id=category,
        subcategory_id=subcategory,
        tag_id=tags,
        owner_id=owner,
        language=language,
    )
    return Listing(search.replace("\0", ""), ordering, video_filter)


ListingQuery = Annotated[Listing, Depends(_listing)]


@router.get("/")
@endpoint
def list_videos(
    unit: ReadUnit,
    runtime: ApiRuntime,
    page: Page,
    video_filter: ListingQuery,
    cursor: Annotated[str | None, Query(max_length=2000, description=CURSOR)] = None,
) -> Answer[ListOf[VideoOut]]:
    """List videos, with search, filters and an order.

    `search` is full text over title, description and tags. It ignores case and accents. `-` before
    an order means descending.
    """
    found = video_pages.page(unit, video_filter, page.offset, page.size, cursor)
    shown = [video_out(unit, runtime.playback, each) for each in found.videos]
    body = page.list_with_more(shown, found.count, more=found.next is not None, cursor=found.next)
    answer = Answer(body, headers=count_headers(found.is_exact))
    settled = all(each.pending is None for each in found.videos)
    return kept(answer) if settled and page.number == 1 else answer


@router.post("/", status_code=201, openapi_extra=ETAG)
@endpoint
def create_video(body: VideoIn, unit: WriteUnit, runtime: ApiRuntime) -> Answer[VideoOut]:
    """Create a video.

    Playout fetches its source from `source_url`. A video with an `external_url` plays from there,
    and is completed at once. Send one of the two addresses, or upload the source later.
    """
    fields = body.fields(runtime.settings.address)
    video = service.create(unit, fields, body.source_url, body.external_url)
    return video_answer(unit, runtime.playback, video)


@router.get("/{video_id}/", openapi_extra=ETAG_OR_304)
@endpoint
def retrieve_video(video_id: Id, unit: ReadUnit, runtime: ApiRuntime) -> Answer[VideoOut]:
    """Return one video."""
    shown = details.get(unit, video_id)
    answer = details_answer(unit, runtime.playback, shown)
    # What is processed has a progress, which leaves no event.
    return kept(answer) if shown.pending is None else answer


@router.put("/{video_id}/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def replace_video(
    video_id: Id, body: VideoIn, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[VideoOut]:
    """Change a video.

    `title` and `workspace` are required. Other fields that are left out stay as they are.
    """
    return _update(video_id, body, unit, runtime)


@router.patch("/{video_id}/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def update_video(
    video_id: Id, body: VideoPatch, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[VideoOut]:
    """Change some fields of a video."""
    return _update(video_id, body, unit, runtime)


@router.delete("/{video_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def delete_video(video_id: Id, unit: WriteUnit) -> Answer[None]:
    """Delete a video and unpublish it at once."""
    publications.delete_video(unit, video_id)
    return Answer(None)


@router.post("/{video_id}/publish/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def publish_video(
    video_id: Id, unit: WriteUnit, runtime: ApiRuntime, body: VideoPatch | None = None
) -> Answer[VideoOut]:
    """Publish a video for everyone its visibility allows.

    A body also changes fields of the video. The answer is a 409 when the video is not completed.
    """
    patch = body or VideoPatch()
    fields = patch.fields(runtime.settings.address)
    video = publications.publish_video(unit, video_id, fields, patch.source_url, patch.external_url)
    return video_answer(unit, runtime.playback, video)


@router.delete("/{video_id}/publish/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def unpublish_video(video_id: Id, unit: WriteUnit) -> Answer[None]:
    """Unpublish a video at once.

    A video that is not published stays as it is.
    """
    publications.unpublish_video(unit, video_id)
    return Answer(None)


@router.post("/{video_id}/by-url/", openapi_extra=READ_ONLY_POST)
@endpoint
def find_video_by_url(
    video_id: Id, body: VideoUrlIn, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[VideoOut]:
    """Return the video if the public address is its own.

    A slash at the end, a query and a fragment do not matter.
    """
    url = re.split("[?#]", body.url, maxsplit=1)[0].rstrip("/")
    slug = (runtime.settings.address.local_part(url) or url).removeprefix("/v/")
    return video_answer(unit, runtime.playback, publications.video_at(unit, video_id, slug))


def _update(video_id: int, body: VideoPatch, unit: WriteUnit, runtime: Runtime) -> Answer[VideoOut]:
    fields = body.fields(runtime.settings.address)
    details.read_with_lock(unit, video_id)
    video = service.update(unit, video_id, fields, body.source_url, body.external_url)
    return video_answer(unit, runtime.playback, video)
