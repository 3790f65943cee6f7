"""Forms with a film template: read, stored, and taken back if no template comes of them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from playout.core.film_templates import files, service
from playout.core.film_templates.files import SentFiles
from playout.core.film_templates.model import OVERLAY, FilmTemplate, Kind, NewTemplate
from playout.core.film_templates.service import Film
from playout.core.processing.resources import Resources
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.uploads.service import max_source_bytes
from playout.kit.errors import Invalid, TooLarge
from playout.kit.http.file_chunks import RECEIVED_BYTES
from playout.kit.http.file_form import Form, FormFile
from playout.kit.storage.store import StoredContent
from playout.kit.strict_json import parse

MAX_BYTES = 250 * 1024 * 1024
MAX_JSON_BYTES = 1024 * 1024
OpenUnit = Callable[[], AbstractContextManager[ReadUnit]]
JSON_FIELDS = ("manifestJson", "templateJson", "overlayJson")
"""Fields that a form may have as texts or as files."""


@dataclass(slots=True)
class Received:
    """The stored parts of a template that is not created yet."""

    project_uid: UUID
    new: NewTemplate
    film: UUID | Film
    is_created: bool = False

    def create(self, unit: WriteUnit) -> FilmTemplate:
        """Create the template. Raise as `service.create` does."""
        self.is_created = True
        return service.create(unit, self.project_uid, self.new, self.film)


@contextmanager
def received(
    resources: Resources, open_unit: OpenUnit, project_uid: UUID, form: Form, folder: Path
) -> Iterator[Received]:
    """Check and store the parts of a form. They go again if the block does not create a template.

    Raise `Invalid` with the part that is wrong, and `TooLarge`.
    """
    sent, film_file = _sent(form), form.file("videoFile")
    template_id, video_uid, asset_id = service.new_ids()
    film = _video_id(form) or Film(video_uid, asset_id, _content(film_file))
    taken = Received(project_uid, files.store(resources, template_id, folder, sent), film)
    try:
        if isinstance(film, Film) and film_file:
            _store_film(resources, open_unit, project_uid, film, film_file)
        yield taken
    except BaseException:
        taken.is_created = False
        raise
    finally:
        if not taken.is_created:
            files.discard(resources, taken.new)
            if isinstance(film, Film):
                resources.storage.delete(film.key)


def _store_film(
    resources: Resources, open_unit: OpenUnit, project_uid: UUID, film: Film, file: FormFile
) -> None:
    with open_unit() as unit:
        project = service.check_may_create(unit, project_uid)
        limit = max_source_bytes(unit, project.organization_id, resources.settings)
    if file.size > limit:
        raise TooLarge(f"A film may have {limit:,} bytes at the most.")
    resources.storage.put(film.key, file.path)
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
