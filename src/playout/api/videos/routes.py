"""The routes of the Videos API."""

from fastapi import APIRouter, Request, status
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from playout.api.body import StrictRoute
from playout.api.call import Call, OneCall
from playout.api.errors import UnsupportedMediaType
from playout.api.fields import Id
from playout.api.videos.wire import Detail, Json, VideoIn, video_out, workspace_out
from playout.core.media import queries as assets
from playout.core.projects import queries as projects
from playout.core.publications import queries as publications
from playout.core.unit import ReadUnit
from playout.core.videos import service
from playout.core.videos.model import Video
from playout.core.videos.service import Upload
from playout.kit.errors import Invalid, TooLarge
from playout.kit.storage import Received

router = APIRouter(route_class=StrictRoute, tags=["videos"])
files = APIRouter(tags=["videos"])
"""Routes that take a file, not JSON."""


@router.post("/videos/", status_code=status.HTTP_201_CREATED)
def create(body: VideoIn, call: Call) -> Json:
    """Enter a video, with or without the address of its source."""
    with call.write() as unit:
        return _out(call, unit, service.create(unit, body.to_new()))


@router.get("/videos/{video_id}/")
def retrieve(video_id: Id, call: Call) -> Json:
    """One video."""
    with call.read() as unit:
        return _out(call, unit, service.get(unit, video_id))


@router.get("/workspaces/")
def list_workspaces(call: Call) -> Json:
    """The projects that the caller may use."""
    with call.read() as unit:
        results = [workspace_out(project) for project in projects.visible(unit)]
    return {"count": len(results), "next": None, "previous": None, "results": results}


@files.put(
    "/videos/{video_id}/source/",
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {}}, "required": True}},
)
async def put_source(video_id: Id, request: Request, call: Call) -> Json:
    """Take the raw bytes of a source, straight to storage; it is made playable afterwards."""
    limit = call.runtime.settings.max_upload_bytes
    _check_headers(request, limit)
    upload = await run_in_threadpool(_open, call, video_id)
    storage = call.runtime.storage
    try:
        received = await storage.receive(upload.key, request.stream(), limit)
    except ClientDisconnect as error:
        raise Invalid("The connection broke before the whole file was here.") from error
    try:
        return await run_in_threadpool(_close, call, upload, received)
    except BaseException:
        await run_in_threadpool(storage.delete, upload.key)
        raise


def _check_headers(request: Request, limit: int) -> None:
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise UnsupportedMediaType("Send the bytes of the file as the body, not a form.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLarge(f"A file may have {limit:,} bytes at the most.")


def _open(call: OneCall, video_id: int) -> Upload:
    with call.read() as unit:
        return service.open_upload(unit, video_id)


def _close(call: OneCall, upload: Upload, received: Received) -> Json:
    with call.write() as unit:
        return _out(call, unit, service.close_upload(unit, upload, received))


def _out(call: OneCall, unit: ReadUnit, video: Video) -> Json:
    ids = {asset_id for asset_id in (video.asset_id, video.pending_asset_id) if asset_id}
    known = assets.by_ids(unit, ids)
    publication = publications.of_videos(unit, {video.id}).get(video.id)
    detail = Detail(
        video,
        known.get(video.asset_id) if video.asset_id else None,
        known.get(video.pending_asset_id) if video.pending_asset_id else None,
        publication.slug if publication else None,
    )
    return video_out(detail, call.runtime.playback, unit.now)
