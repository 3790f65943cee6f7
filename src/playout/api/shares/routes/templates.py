"""Routes of film templates, which this API calls templates."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import EXTENSION, WRITES_NOTHING
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, ApiRuntime, OpenRequest
from playout.api.shares.schemas.templates import (
    PreviewIn,
    TemplateDetailOut,
    TemplateOut,
    template_detail_out,
    template_out,
)
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.film_templates import files, previews, service
from playout.core.film_templates.previews import Preview
from playout.core.unit import ReadUnit

NOUN = "template"


class _NoUpload(StringConvertor):
    """A text that is not `upload`, which is the address of a route of its own."""

    regex = "(?!upload/?$)[^/]+"


register_url_convertor("no_upload", _NoUpload())
router = APIRouter(
    prefix="/Projects/{project_id}/templates", route_class=StrictRoute, tags=["templates"]
)
BINARY = {"type": "string", "format": "binary"}
PNG: dict[int | str, dict[str, Any]] = {
    200: {"description": "A PNG.", "content": {"image/png": {"schema": BINARY}}}
}


@router.get("")
@endpoint
def list_templates(
    project_id: UuidPath, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[list[TemplateOut]]:
    """List the templates of a project, newest version first."""
    project, found = service.list_templates(unit, parse_uuid(project_id))
    return kept(Answer([template_out(each, project, runtime.base_url) for each in found]))


@router.get("/{template_id:no_upload}")
@endpoint
def show_template(
    project_id: UuidPath, template_id: UuidPath, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[TemplateDetailOut]:
    """Return a template with its manifest."""
    found = service.get(unit, parse_uuid(project_id), parse_uuid(template_id, NOUN))
    return kept(Answer(template_detail_out(found, found.project, runtime.base_url)))


@router.get("/{template_id:no_upload}/poster", response_class=Response, responses=PNG)
def show_template_poster(
    project_id: UuidPath, template_id: UuidPath, open_request: ApiRequest
) -> Response:
    """Return the poster of a template."""
    with open_request.read() as unit:
        found = service.get(unit, parse_uuid(project_id), parse_uuid(template_id, NOUN))
        key = service.poster_key(found)
    return Response(files.read(open_request.runtime, key), media_type="image/png")


@router.post(
    "/{template_id:no_upload}/preview",
    response_class=Response,
    responses=PNG,
    openapi_extra={EXTENSION: [WRITES_NOTHING]},
)
async def preview_template(
    project_id: UuidPath, template_id: UuidPath, body: PreviewIn, open_request: ApiRequest
) -> Response:
    """Draw the film at one moment with the data of one viewer. Nothing is kept.

    Until the film is processed, a grey picture stands for it.
    """
    preview = await run_in_threadpool(_open, open_request, project_id, template_id, body)
    runtime = open_request.runtime
    content = await runtime.drawings.run(previews.draw, runtime, preview)
    return Response(content, media_type="image/png")


def _open(request: OpenRequest, project_id: str, template_id: str, body: PreviewIn) -> Preview:
    project_uid, template_uid = parse_uuid(project_id), parse_uuid(template_id, NOUN)
    data = body.personalization_data
    with request.read() as unit:
        return previews.open_preview(unit, project_uid, template_uid, body.second, data)
