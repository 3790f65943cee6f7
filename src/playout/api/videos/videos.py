"""Routes of videos."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import WithJsonSchema

from playout.api.answer import Answer
from playout.api.etags import CHANGED, ENDED, FOUND, MADE, SHOWN
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Flag, Id
from playout.api.videos import details
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.types import NO_NUL
from playout.api.videos.video_body import ByUrl, VideoIn, VideoPatch
from playout.api.videos.wire import VideoDetail
from playout.core.publications import service as publications
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import listing, service
from playout.core.videos.listing import ORDERINGS, Listing
from playout.core.videos.model import Status, Visibility

router = APIRouter(route_class=StrictRoute, tags=["videos"])


def _listing(  # noqa: PLR0917  each is a parameter of the query
    search: Annotated[str, Query(max_length=200)] = "",
    ordering: Annotated[str, WithJsonSchema({"type": "string", "enum": ORDERINGS})] = "-id",
    workspace: Id | None = None,
    status: Status | None = None,
    visibility: Visibility | None = None,
    is_draft: Flag | None = None,
    category: Id | None = None,
    subcategory: Id | None = None,
    tags: Id | None = None,
    owner: Id | None = None,
    language: Annotated[str | None, Query(max_length=35, pattern=NO_NUL)] = None,
) -> Listing:
    filters: dict[str, Any] = {
        "project_id": workspace,
        "status": status,
        "visibility": visibility,
        "is_draft": is_draft,
        "category_id": category,
        "subcategory_id": subcategory,
        "tag_id": tags,
        "owner_id": owner,
        "language": language,
    }
    return Listing(search.replace("\0", ""), ordering, filters)


@router.get("/videos/", response_model=ListOf[VideoDetail])
def list_videos(
    call: ApiRequest, page: Page, wanted: Annotated[Listing, Depends(_listing)]
) -> Response:
    """The caller's videos: searched, filtered, ordered, a page at a time."""

    def use(unit: ReadUnit) -> Answer:
        videos, count = listing.page(unit, wanted, page.offset, page.size)
        rows = details.out_all(call, unit, videos)
        return Answer(page.of(rows, count, call.runtime.settings.base_url, lambda row: row))

    return call.answer_read(use)


@router.post("/videos/", status_code=201, response_model=VideoDetail, openapi_extra=MADE)
def create_video(body: VideoIn, call: ApiRequest) -> Response:
    """Enter a video, with or without the address of its source."""

    def use(unit: WriteUnit) -> Answer:
        video = service.create(unit, _fields(call, body), body.source_url, body.external_url)
        return Answer(details.out(call, unit, video), 201, video.etag)

    return call.answer_write(use)


@router.get("/videos/{video_id}/", response_model=VideoDetail, openapi_extra=SHOWN)
def retrieve_video(video_id: Id, call: ApiRequest) -> Response:
    """One video."""

    def use(unit: ReadUnit) -> Answer:
        video = service.get(unit, video_id)
        return Answer(details.out(call, unit, video), etag=video.etag)

    return call.answer_read(use)


@router.put("/videos/{video_id}/", response_model=VideoDetail, openapi_extra=CHANGED)
def replace_video(video_id: Id, body: VideoIn, call: ApiRequest) -> Response:
    """Change a video; `title` and `workspace` are needed, what else is left out stays."""
    return _update(call, video_id, body)


@router.patch("/videos/{video_id}/", response_model=VideoDetail, openapi_extra=CHANGED)
def update_video(video_id: Id, body: VideoPatch, call: ApiRequest) -> Response:
    """Change some fields of a video."""
    return _update(call, video_id, body)


@router.delete("/videos/{video_id}/", status_code=204, openapi_extra=ENDED)
def delete_video(video_id: Id, call: ApiRequest) -> Response:
    """Remove a video, and take it out of everything public."""

    def use(unit: WriteUnit) -> Answer:
        publications.delete_video(unit, video_id)
        return Answer(None, 204)

    return call.answer_write(use)


@router.post("/videos/{video_id}/publish/", response_model=VideoDetail, openapi_extra=CHANGED)
def publish_video(video_id: Id, call: ApiRequest, body: VideoPatch | None = None) -> Response:
    """Bring a video out for those whom its visibility lets in; a body changes it as well."""
    wanted = body or VideoPatch()

    def use(unit: WriteUnit) -> Answer:
        fields = _fields(call, wanted)
        sources = wanted.source_url, wanted.external_url
        video = publications.publish_video(unit, video_id, fields, *sources)
        return Answer(details.out(call, unit, video), etag=video.etag)

    return call.answer_write(use)


@router.delete("/videos/{video_id}/publish/", status_code=204, openapi_extra=ENDED)
def unpublish_video(video_id: Id, call: ApiRequest) -> Response:
    """Take a video out of everything public at once."""

    def use(unit: WriteUnit) -> Answer:
        publications.unpublish_video(unit, video_id)
        return Answer(None, 204)

    return call.answer_write(use)


@router.post("/videos/{video_id}/by-url/", response_model=VideoDetail, openapi_extra=FOUND)
def find_video_by_url(video_id: Id, body: ByUrl, call: ApiRequest) -> Response:
    """The video, if the public address is its own and the caller may see it."""

    def use(unit: ReadUnit) -> Answer:
        slug = body.url.removeprefix(f"{call.runtime.settings.base_url}/v/")
        video = publications.video_at(unit, video_id, slug)
        # A 304 is for GET alone.
        return Answer(details.out(call, unit, video), headers={"ETag": video.etag})

    return call.answer_read(use)


def _update(call: OpenRequest, video_id: int, body: VideoPatch) -> Response:
    def use(unit: WriteUnit) -> Answer:
        fields = _fields(call, body)
        video = service.update(unit, video_id, fields, body.source_url, body.external_url)
        return Answer(details.out(call, unit, video), etag=video.etag)

    return call.answer_write(use)


def _fields(call: OpenRequest, body: VideoPatch) -> dict[str, Any]:
    return body.fields(call.runtime.settings.base_url)
