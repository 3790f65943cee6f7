"""Passwords of things that viewers open: hashed with argon2id, compared in constant time."""

from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_LENGTH = 128
"""Characters that a password may have."""
# OWASP's smallest setting: 19 MiB and two passes, some 20 ms. A guess costs the server no more.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return the hash of a password, with a salt of its own."""
    return _HASHER.hash(password)


def verify_password(hashed: str, password: str) -> bool:
    """Return True if the hash is that of the password."""
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def changed_hash(hashed: str | None, password: str | None) -> str | None:
    """Return the hash of a password that replaces another, or None for no password.

    The same password keeps its hash, so that nobody has to enter it again.
    """
    if password is None or (hashed is not None and verify_password(hashed, password)):
        return None if password is None else hashed
    return hash_password(password)


def seal(hashed: str | None) -> str:
    """Return a short text that changes with the password; "" for none. It reveals neither."""
    return "" if hashed is None else sha256(hashed.encode()).hexdigest()[:16]
