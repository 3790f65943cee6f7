"""Redaction of the changes that an event tells of: the ledger is kept for ever, secrets are not.

Changes are redacted when they are recorded, and again when they are read: earlier rows may hold
secrets. To do it twice changes nothing.

Long values, such as a script of 200,000 characters, leave their fingerprint alone: a page of events
would be megabytes long.
"""

import json
import re
from hashlib import sha256
from typing import Any

from playout.core.web_addresses import URL_FIELDS

REDACTED = "…"
LONGEST_VALUE = 16 * 1024
"""Bytes of JSON of a value that an event tells whole."""
URL = re.compile(
    r"(?<![a-z0-9+.-])(?P<scheme>(?:[a-z0-9+.-]*:)?[/\\]{2,})(?P<user>[^/?#\s]*@)?"
    r"(?P<host>[^/\\?#\s]*)(?P<path>[^?#\s]*)(?P<query>\?[^#\s]*)?(?P<fragment>#\S*)?",
    re.IGNORECASE,
)
"""A URL in a text, up to the next space: quotes and brackets may be a part of its secrets, and
browsers read backslashes as slashes. No match begins within a word, so that the time to search a
text grows with its length and no faster."""
CLOSING = "\"'<>()[]{}.,;:!"
"""Characters after a URL in a text, which are no secret."""
SECRET_NAME = re.compile(
    r"secret|token|passw|pwd|passphrase|credential|authorization|signature|cookie|bearer"
    r"|(api|access|private|signing|encryption)[-_ ]?key|^key$|^auth$",
    re.IGNORECASE,
)
WEBHOOK, KEY = "webhook", "key"
PLAIN_SETTINGS = frozenset({("defaults", "property")})
"""The settings of a key that Playout reads. Only the owner of the key knows what others mean."""


def redacted(subject_type: str, changes: Any) -> dict[str, Any]:
    """Return the changes of a subject of that type without secrets.

    Of a URL, its user, password, query and fragment are secret, and of a webhook's URL its path,
    too. Values are secret whose name says so. All settings of a key are, but its default project.
    """
    return {
        field: [_shortened(_redacted_value(subject_type, field, value)) for value in pair]
        for field, pair in changes.items()
    }


def _redacted_value(subject_type: str, field: str, value: Any) -> Any:
    if subject_type == KEY and field == "settings":
        return _without_leaves(value, ())
    if isinstance(value, str) and field.rpartition(".")[2] in URL_FIELDS:
        value = "".join(value.split())
    return _without_secrets(value, whole_path=subject_type != WEBHOOK)


def _shortened(value: Any) -> Any:
    """Return the value, or the length and a fingerprint of one that is too long."""
    if not isinstance(value, str | list | dict):
        return value
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()
    if len(text) <= LONGEST_VALUE:
        return value
    return f"{len(text):,} bytes, sha256:{sha256(text).hexdigest()}"


def _without_secrets(value: Any, *, whole_path: bool) -> Any:
    if isinstance(value, str):
        return URL.sub(lambda found: _redacted_url(found, whole_path=whole_path), value)
    if isinstance(value, list | tuple):
        return [_without_secrets(each, whole_path=whole_path) for each in value]
    if isinstance(value, dict):
        return {
            _without_secrets(name, whole_path=whole_path): _hidden(each)
            if SECRET_NAME.search(str(name))
            else _without_secrets(each, whole_path=whole_path)
            for name, each in value.items()
        }
    return value


def _redacted_url(found: re.Match[str], *, whole_path: bool) -> str:
    path = found["path"]
    if not whole_path and len(path) > 1:
        path = f"/{REDACTED}"
    end = found["fragment"] or found["query"] or ""
    return "".join(
        (
            found["scheme"],
            f"{REDACTED}@" if found["user"] else "",
            found["host"],
            path,
            f"?{REDACTED}" if found["query"] else "",
            f"#{REDACTED}" if found["fragment"] else "",
            end[len(end.rstrip(CLOSING)) :],
        )
    )


def _without_leaves(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: _without_leaves(each, (*path, name)) for name, each in value.items()}
    return value if path in PLAIN_SETTINGS else _hidden(value)


def _hidden(value: Any) -> Any:
    """Return the mark that replaces a value. A value of None is no secret, and stays."""
    return value if value is None else REDACTED
