"""Passwords of things that viewers open: hashed with argon2id, compared in constant time."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
