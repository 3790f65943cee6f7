"""Routes of the brand of a workspace: how its landing pages look."""

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, ApiRuntime, OpenRequest
from playout.api.types import Id
from playout.api.videos.file_body import file_body, read_file
from playout.api.videos.schemas.brands import BrandOut, BrandPatch, brand_out
from playout.core.brands import pictures, service
from playout.core.brands.model import Picture
from playout.core.unit import ReadUnit, WriteUnit
from playout.transcode.pictures.brand_pictures import MAX_BYTES

PATH = "/workspaces/{workspace_id}/brand"
router = APIRouter(prefix=PATH, route_class=StrictRoute, tags=["workspaces"])
file_router = APIRouter(prefix=PATH, tags=["workspaces"])
"""Routes whose body is a file. `StrictRoute` would insist on JSON."""
PICTURE = file_body("A JPEG, PNG or WebP picture.")


@router.get("/", openapi_extra=ETAG)
@endpoint
def retrieve_brand(workspace_id: Id, unit: ReadUnit, runtime: ApiRuntime) -> Answer[BrandOut]:
    """Return the brand of a workspace, with the contrast of its colours."""
    project, brand = service.get(unit, workspace_id)
    out = brand_out(project, brand, runtime.base_url)
    return Answer(out, etag=brand.etag, can_be_unmodified=False)


@router.patch("/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def update_brand(
    workspace_id: Id, body: BrandPatch, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[BrandOut]:
    """Change some fields of the brand of a workspace. Its landing pages change at once.

    Any colour may be sent: where it would not be readable, pages show a darker or lighter one.
    """
    project, brand = service.update(unit, workspace_id, body.fields())
    return Answer(brand_out(project, brand, runtime.base_url), etag=brand.etag)


@file_router.put("/{picture}/", response_model=BrandOut, openapi_extra=PICTURE)
async def put_brand_picture(workspace_id: Id, picture: Picture, request: ApiRequest) -> Response:
    """Set the logo or the favicon of a workspace: a JPEG, PNG or WebP of at most 2 MiB."""
    await run_in_threadpool(_check, request, workspace_id)
    body = await read_file(request.http, MAX_BYTES)
    return await run_in_threadpool(_put, request, workspace_id, picture, body)


@router.delete("/{picture}/", status_code=204)
@endpoint
def remove_brand_picture(workspace_id: Id, picture: Picture, unit: WriteUnit) -> Answer[None]:
    """Remove the logo or the favicon of a workspace."""
    service.set_picture(unit, workspace_id, picture, None)
    return Answer(None)


def _check(request: OpenRequest, workspace_id: int) -> None:
    with request.read() as unit:
        service.check_may_change(unit, workspace_id)


def _put(request: OpenRequest, workspace_id: int, picture: Picture, body: bytes) -> Response:
    runtime = request.runtime
    content = pictures.make(runtime, picture, body)

    def put(unit: WriteUnit) -> Answer[BrandOut]:
        found = service.set_picture(unit, workspace_id, picture, content)
        return Answer(brand_out(*found, runtime.base_url))

    return request.answer_write(put, content=body)
