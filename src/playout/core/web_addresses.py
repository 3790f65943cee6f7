"""The rule that no URL with a user or a password in it is accepted.

Playout shows URLs to readers, pages and players, and keeps them for ever. It never sends the
credentials of one.
"""

import re
from collections.abc import Mapping

from playout.kit.errors import Invalid

CREDENTIALS = re.compile(r"[a-z][a-z0-9+.-]*:[/\\]*[^/?#]*@", re.IGNORECASE)
"""The beginning of a URL with credentials, however many slashes a browser would forgive."""
IGNORED = re.compile(r"[\t\r\n]|^[\x00-\x20]+")
"""Characters that browsers drop from a URL."""
WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
URL_FIELDS = frozenset(
    {
        "url",
        "source_url",
        "external_url",
        "cover_image",
        "thumbnail",
        "poster_url",
        "video_file",
        "audio_file",
        "preview_video_url",
        "splash_image",
        "cta_url",
        "home_url",
        "privacy_url",
        "imprint_url",
    }
)
"""The fields of all resources that hold a URL."""
PROBLEM = "must not contain a user or a password: send the address without them"


def has_credentials(url: str) -> bool:
    """Return whether a URL has a user or a password in it, as any parser may read it."""
    return CREDENTIALS.match(IGNORED.sub("", url)) is not None


def is_web_address(url: str) -> bool:
    """Return whether a URL begins with http or https and a host: what a page may link to."""
    return WEB.match(url) is not None and not has_credentials(url)


def check_web_addresses(fields: Mapping[str, object]) -> None:
    """Raise `Invalid` for the first URL among the fields that has a user or a password in it."""
    for name, value in fields.items():
        if name in URL_FIELDS and isinstance(value, str) and has_credentials(value):
            raise Invalid(f"{name} {PROBLEM}.", {name: f"It {PROBLEM}."})
