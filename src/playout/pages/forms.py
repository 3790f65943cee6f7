"""Forms that pages of this site send."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from playout.kit.errors import Forbidden, TooLarge
from playout.kit.http.public_address import split_url

FORM_BYTES = 8_192


async def read_form(request: Request, most_bytes: int = FORM_BYTES) -> dict[str, str]:
    """Return the first value of each field; an empty one is "". Raise `TooLarge`."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge("The form is too large.")
    fields = parse_qs(body.decode("latin-1"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def check_origin(request: Request, base_url: str) -> None:
    """Raise `Forbidden` unless a page of this site sent the form."""
    if not is_own_host(request, base_url, split_url(request.headers.get("origin", "")).netloc):
        raise Forbidden("This form was not sent from this site.")


def is_own_host(request: Request, base_url: str, netloc: str) -> bool:
    """Return whether that is the host of this site, as the browser or the settings name it."""
    return netloc != "" and netloc in {urlsplit(base_url).netloc, request.headers.get("host")}


def is_https(request: Request, base_url: str) -> bool:
    """Return whether browsers reach the site by https, so that its cookies may say `Secure`."""
    return "https" in {request.url.scheme, urlsplit(base_url).scheme}
