"""The route that receives a film template, with its film, pictures and fonts."""

from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.errors import UnsupportedMediaType
from playout.api.request import ApiRequest, OpenRequest
from playout.api.shares.schemas.templates import TemplateDetailOut, template_detail_out
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.film_templates import service
from playout.core.film_templates.forms import JSON_FIELDS, MAX_BYTES, received
from playout.core.film_templates.model import Kind
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.kit.http.file_form import Form, boundary_of, read_form

# Not a `StrictRoute`, which would insist on JSON.
router = APIRouter(prefix="/Projects/{project_id}/templates", tags=["templates"])
_FILE = {"type": "string", "format": "binary"}
_FIELDS = {
    "kind": {"type": "string", "enum": [each.value for each in Kind]},
    "name": {"type": "string", "description": "A label; `Template 3` if it is left out."},
    "manifestJson": {
        "type": "string",
        "description": "The manifest, as JSON. An animation may come without.",
    },
    "overlayJson": {"type": "string", "description": "The Lottie of a `LottieStandalone`."},
    "templateJson": {"type": "string", "description": "A JSON object that is kept with it."},
    "videoId": {"type": "string", "format": "uuid", "description": "A video of the project."},
    "videoFile": {**_FILE, "description": "The film, instead of `videoId`."},
    "posterFile": {**_FILE, "description": "A JPEG, PNG or WebP."},
    "assetFiles": {
        "type": "array",
        "items": _FILE,
        "description": "Pictures (JPEG, PNG, WebP) and fonts (.ttf, .otf), by their file names.",
    },
}
FORM = {
    "requestBody": {
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["kind"],
                    "properties": _FIELDS,
                }
            }
        },
        "required": True,
    }
}


@router.post("/upload", status_code=201, response_model=TemplateDetailOut, openapi_extra=FORM)
async def upload_template(project_id: UuidPath, request: ApiRequest) -> Response:
    """Upload the next version of a project's template: 250 MiB at the most.

    The manifest and the files are checked. `warnings` of the answer say what may not look as
    meant: texts without room, letters that no font has, elements outside of the frame.
    """
    if boundary_of(request.http) is None:
        raise UnsupportedMediaType("Send a form: Content-Type: multipart/form-data.")
    project_uid = parse_uuid(project_id)
    await run_in_threadpool(_check, request, project_uid)
    folders = request.runtime.job_folders
    async with contextmanager_in_threadpool(job_folder(folders)) as folder:
        form = await read_form(request.http, folder, MAX_BYTES, JSON_FIELDS)
        return await run_in_threadpool(_create, request, project_uid, form, folder)


def _check(request: OpenRequest, project_uid: UUID) -> None:
    with request.read() as unit:
        service.check_may_create(unit, project_uid)


def _create(request: OpenRequest, project_uid: UUID, form: Form, folder: Path) -> Response:
    runtime = request.runtime
    with received(runtime, request.read, project_uid, form, folder) as parts:

        def create(unit: WriteUnit) -> Answer[TemplateDetailOut]:
            template = parts.create(unit)
            return Answer(template_detail_out(template, template.project, runtime.base_url))

        return request.answer_write(create, content=form.digest)
