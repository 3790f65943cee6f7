"""Errors of a storage, as errors of Playout."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import obstore

from playout.kit.errors import Invalid, NotFound, PlayoutError, StorageFull, Unavailable


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


@contextmanager
def refusals() -> Iterator[None]:
    """Raise `Invalid` for errors of a store that no later attempt can mend."""
    try:
        yield
    except (FileNotFoundError, obstore.exceptions.NotFoundError) as error:
        raise Invalid(
            "The bucket of PLAYOUT_STORAGE_URL does not exist: create it, or correct the URL."
        ) from error
    except (
        PermissionError,
        obstore.exceptions.PermissionDeniedError,
        obstore.exceptions.UnauthenticatedError,
    ) as error:
        raise Invalid(
            "The storage does not allow Playout to write, read and delete files:"
            " check its credentials and permissions."
        ) from error


def _is_full(error: Exception) -> bool:
    full = {errno.ENOSPC, errno.EDQUOT}
    return getattr(error, "errno", None) in full or any(
        text in str(error) for text in ("No space left", "StorageFull", "os error 28", "quota")
    )
