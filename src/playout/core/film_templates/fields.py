"""The names of fields in errors about JSON that stands in a field of a request."""

from collections.abc import Iterator
from contextlib import contextmanager

from playout.kit.errors import Invalid


@contextmanager
def errors_within(field: str) -> Iterator[None]:
    """Let the errors of a block name their place in a field, as `manifest_json.language`."""
    try:
        yield
    except Invalid as error:
        named = error.details or {}
        details = {f"{field}.{place}" if place else field: text for place, text in named.items()}
        raise Invalid(error.message, details or {field: error.message}) from None
