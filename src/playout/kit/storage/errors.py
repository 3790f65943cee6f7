"""Errors of a storage, as errors of Playout."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import obstore

from playout.kit.errors import NotFound, PlayoutError, StorageFull, Unavailable


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise `NotFound`, `StorageFull` or `Unavailable` for errors of obstore and the system."""
    try:
        yield
    except PlayoutError:
        raise
    except FileNotFoundError as error:
        raise NotFound("The file is no longer in storage.") from error
    except (OSError, obstore.exceptions.BaseError) as error:
        if _is_full(error):
            raise StorageFull("The storage is full; nothing was kept of this file.") from error
        raise Unavailable("The storage does not answer at the moment; try again.") from error


def _is_full(error: Exception) -> bool:
    full = {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "errno", None) in full or any(
        text in str(error) for text in ("No space left", "StorageFull", "os error 28", "quota")
    )
