"""Forms as browsers send them, with a file or without one."""

from dataclasses import dataclass, field

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import Request

from playout.kit.errors import Invalid, TooLarge
from playout.kit.http.file_chunks import file_chunks
from playout.pages.forms import read_form

MAX_PARTS = 20
FIELD_BYTES = 64 * 1024


@dataclass(slots=True)
class Sent:
    """The texts of a form, and its file; None if it has no field for a file."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None


async def read_sent(request: Request, most_bytes: int) -> Sent:
    """Return what a form sent. Raise `TooLarge`, and `Invalid` for one that is broken."""
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "multipart/form-data":
        return Sent(await read_form(request, most_bytes))
    body = bytearray()
    async for chunk in file_chunks(request):
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge(f"The file may have {most_bytes:,} bytes at the most.")
    try:
        return _parsed(bytes(body), str(options.get("boundary", "")))
    except (MultipartError, UnicodeDecodeError, ValueError) as error:
        raise Invalid("The form did not arrive whole: send it again.") from error


def _parsed(body: bytes, boundary: str) -> Sent:
    sent, part, content = Sent(), None, bytearray()
    with PushMultipartParser(boundary, max_segment_count=MAX_PARTS, strict=True) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                part, content = event, bytearray()
            elif event is not None:
                content += event
            elif part is not None:
                _add(sent, part, bytes(content))
    return sent


def _add(sent: Sent, part: MultipartSegment, content: bytes) -> None:
    if part.filename is not None:
        sent.file = content
    elif len(content) <= FIELD_BYTES:
        sent.fields.setdefault(part.name, content.decode())
