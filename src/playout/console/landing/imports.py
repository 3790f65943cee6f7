"""Imports of recipients: a file is taken while it arrives, and says what is wrong in it."""

import csv
import io
from hashlib import sha256

from playout.compose.manifest.fields import BooleanField, DataField, ImageField, TextField
from playout.console.fields import moment
from playout.console.landing.places import channel_in, uid_in
from playout.console.landing.recipients import path_of, share_in, show
from playout.console.texts import sentence
from playout.console.visit import Download, GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.film_templates import channels
from playout.core.film_templates import service as templates
from playout.core.recipients import service
from playout.core.recipients.imports import Importer, NewImport
from playout.core.recipients.model import MOST_ERRORS
from playout.core.recipients.rows import (
    EXPIRES_AT,
    REFERENCE,
    ArrayRows,
    CsvRows,
    LineRows,
    Rows,
)
from playout.kit.errors import NotFound, PlayoutError

MOST_BYTES = 256 * 1024 * 1024
KEY_LENGTH = 64
PARSERS: dict[bytes, type[Rows]] = {b"[": ArrayRows, b"{": LineRows}
"""The parser by the first sign of a file. All other files are CSV."""
MARK = b"\xef\xbb\xbf"
"""The mark that some programs write before a text in UTF-8."""
EXAMPLES = {"number": "12.5", "currency": "49.90", "date": "2027-01-31"}


class Receiving:
    """An import that takes the file of a form."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._importer: Importer | None = None
        self._expires_at = moment(visit.form, "expires_at")
        with visit.read() as unit:
            share_in(unit, visit)

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Take the next bytes of the file."""
        if self._importer is None:
            self._importer = self._begun(chunk)
        self._importer.feed(chunk, is_last=is_last)

    def outcome(self) -> Outcome:
        """Lead to what came of the import."""
        if self._importer is None:
            raise NotFound("There is no such import.")
        note = Note.RECIPIENTS_IMPORTED if self._importer.result().accepted else Note.DONE
        return GoTo(f"{path_of(self._visit)}/imports/{self._importer.id}", note)

    def _begun(self, beginning: bytes) -> Importer:
        visit, runtime = self._visit, self._visit.runtime
        first = beginning.removeprefix(MARK).lstrip()[:1]
        days = runtime.settings.recipient_days
        new = NewImport(
            uid_in(visit, "project"), channel_in(visit), _key(visit), self._expires_at, days
        )
        rows = PARSERS.get(first, CsvRows)()
        return Importer(visit.write, new, rows, runtime.cipher, runtime.signer)


def refuse(visit: Visit, error: PlayoutError) -> Outcome:
    """Show what is wrong with the file, beside the form."""
    if isinstance(error, NotFound):
        raise error
    return show(visit, Problem.of(error))


def one(visit: Visit) -> Outcome:
    """Show what came of an import: its counts, and what is wrong in which line."""
    with visit.read() as unit:
        project, share = share_in(unit, visit)
        found = service.get_import(unit, share, uid_in(visit, "import"))
        values = {
            "project": project,
            "channel": share.channel,
            "found": found,
            "most": MOST_ERRORS,
            "base_url": visit.runtime.settings.base_url,
        }
    return Shown("recipient_import.html", values)


def errors(visit: Visit) -> Outcome:
    """Return the errors of an import as a file."""
    with visit.read() as unit:
        share = share_in(unit, visit)[1]
        found = service.get_import(unit, share, uid_in(visit, "import"))
        rows: list[tuple[object, ...]] = [("line", "field", "problem")]
        rows += [(line, field, sentence(problem)) for line, field, problem in found.errors]
    return Download("errors.csv", "text/csv", _csv(rows))


def example(visit: Visit) -> Outcome:
    """Return a file with a column for each field of the template, and a recipient."""
    with visit.read() as unit:
        project, share = share_in(unit, visit)
        held = channels.list_channels(unit, project.uid)[1].get(share.channel)
        if held is None:
            raise NotFound("This channel plays no film template.")
        template = templates.get(unit, project.uid, held.template_id)
        fields = template.parsed().fields
    names = [REFERENCE, *fields, EXPIRES_AT]
    values = ["4711", *(_example(name, each) for name, each in fields.items()), ""]
    return Download("recipients.csv", "text/csv", _csv([names, values]))


def _example(name: str, field: DataField) -> str:
    if isinstance(field, TextField):
        return (field.default or name)[: field.max_length]
    if isinstance(field, BooleanField):
        return "true"
    if isinstance(field, ImageField):
        return field.default or ""
    return EXAMPLES[field.type]


def _key(visit: Visit) -> bytes | None:
    """Return what identifies the form: sent again, it goes on where it broke off."""
    key = visit.form.get("key", "")[:KEY_LENGTH]
    if not key:
        return None
    principal = visit.principal
    caller = f"console:{principal.kind}:{principal.id}:{principal.organization_id}"
    return sha256(f"{caller}\n{path_of(visit)}\n{key}".encode()).digest()


def _csv(rows: list[tuple[object, ...]] | list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
