"""The route that receives a film template, with its film, pictures and fonts."""

from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool

from playout.api.answer import Answer
from playout.api.request import ApiRequest, OpenRequest
from playout.api.shares.form import Form, FormFile, read_form
from playout.api.shares.schemas.templates import TemplateDetailOut, template_detail_out
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.film_templates import files, service
from playout.core.film_templates.files import SentFiles
from playout.core.film_templates.model import OVERLAY, Kind
from playout.core.film_templates.service import Film
from playout.core.processing.scratch import job_folder
from playout.core.unit import WriteUnit
from playout.core.uploads.service import max_source_bytes
from playout.kit.errors import Invalid, TooLarge
from playout.kit.http.file_chunks import RECEIVED_BYTES
from playout.kit.storage.store import StoredContent
from playout.kit.strict_json import parse

# Not a `StrictRoute`, which would insist on JSON.
router = APIRouter(prefix="/Projects/{project_id}/templates", tags=["templates"])
MAX_BYTES = 250 * 1024 * 1024
MAX_JSON_BYTES = 1024 * 1024
JSON_FIELDS = ("manifestJson", "templateJson", "overlayJson")
"""Fields that a form may have as texts or as files."""
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
    sent, film_file = _sent(form), form.file("videoFile")
    template_id, video_uid, asset_id = service.new_ids()
    film = _video_id(form) or Film(video_uid, asset_id, _content(film_file))
    new = files.store(runtime, template_id, folder, sent)
    stored = False
    try:
        if isinstance(film, Film) and film_file:
            _store_film(request, project_uid, film, film_file)

        def create(unit: WriteUnit) -> Answer[TemplateDetailOut]:
            nonlocal stored
            stored = True
            template = service.create(unit, project_uid, new, film)
            return Answer(template_detail_out(template, template.project, runtime.base_url))

        return request.answer_write(create, content=form.digest)
    except BaseException:
        stored = False
        raise
    finally:
        if not stored:
            files.discard(runtime, new)
            if isinstance(film, Film):
                runtime.storage.delete(film.key)


def _store_film(request: OpenRequest, project_uid: UUID, film: Film, file: FormFile) -> None:
    with request.read() as unit:
        project = service.check_may_create(unit, project_uid)
        limit = max_source_bytes(unit, project.organization_id, request.runtime.settings)
    if file.size > limit:
        raise TooLarge(f"A film may have {limit:,} bytes at the most.")
    request.runtime.storage.put(film.key, file.path)
    RECEIVED_BYTES.inc(file.size)


def _content(file: FormFile | None) -> StoredContent:
    if file is None:
        raise _invalid("videoId", "Send videoId or videoFile.")
    return StoredContent(file.size, file.sha256)


def _video_id(form: Form) -> UUID | None:
    text = form.texts.get("videoId", "").strip()
    if not text:
        return None
    if form.file("videoFile"):
        raise _invalid("videoId", "Send videoId or videoFile, not both.")
    try:
        return UUID(text)
    except ValueError:
        raise _invalid("videoId", "It must be a UUID.") from None


def _sent(form: Form) -> SentFiles:
    try:
        kind = Kind(form.texts.get("kind", ""))
    except ValueError:
        raise _invalid("kind", f"It must be one of {', '.join(Kind)}.") from None
    poster = form.file("posterFile")
    return SentFiles(
        name=form.texts.get("name", "").strip() or None,
        manifest=_json(form, "manifestJson", is_required=kind is Kind.RASTER),
        details=_json(form, "templateJson", is_required=False),
        assets=_assets(form, kind),
        poster=poster.path if poster else None,
    )


def _assets(form: Form, kind: Kind) -> list[tuple[str, Path]]:
    assets = [(each.filename, each.path) for each in form.files.get("assetFiles", [])]
    if any(name == OVERLAY for name, _ in assets):
        raise _invalid("assetFiles", f"Send {OVERLAY} as overlayJson.")
    overlay = form.file("overlayJson")
    if kind is Kind.RASTER:
        if overlay:
            raise _invalid("overlayJson", f"Only a {Kind.LOTTIE} has it.")
        return assets
    if overlay is None:
        raise _invalid("overlayJson", "It is required.")
    return [*assets, (OVERLAY, overlay.path)]


def _json(form: Form, name: str, *, is_required: bool) -> dict[str, Any] | None:
    sent = form.file(name)
    if sent is None or sent.size == 0:
        if not is_required:
            return None
        raise _invalid(name, "It is required.")
    if sent.size > MAX_JSON_BYTES:
        raise TooLarge(f"{name} may have {MAX_JSON_BYTES:,} bytes at the most.")
    try:
        value = parse(sent.path.read_bytes())
    except Invalid as error:
        raise _invalid(name, error.message.replace("The body", "It")) from None
    if not isinstance(value, dict):
        raise _invalid(name, "It must be a JSON object.")
    return value


def _invalid(field: str, reason: str) -> Invalid:
    return Invalid(f"{field}: {reason}", {field: reason})
