"""Signatures and tokens. One secret signs, which is never written to the database."""

import base64
import hashlib
import hmac
import os
import secrets
import zlib
from pathlib import Path

RANDOM_BYTES = 20
CHECKSUM_BYTES = 4
SEPARATORS = (".", "_")
"""Characters that may separate the prefix of a token from its random text."""
TEXT_LENGTH = (RANDOM_BYTES + CHECKSUM_BYTES) * 4 // 3


class Signer:
    """Keyed hashes (HMAC-SHA-256), with an independent key for each purpose.

    The secret must be the same in every process of an installation.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def digest(self, purpose: str, message: str) -> bytes:
        """Return the 32 bytes of the HMAC of a message, with the key of that purpose."""
        key = hmac.digest(self._secret, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, message.encode(), hashlib.sha256)

    def signature(self, purpose: str, message: str) -> str:
        """Return the digest as 43 URL-safe characters."""
        return _base64(self.digest(purpose, message))

    def verify(self, purpose: str, message: str, signature: str) -> bool:
        """Return True if the signature is that of the message. Takes constant time."""
        expected = self.signature(purpose, message)
        return hmac.compare_digest(expected.encode(), signature.encode())


def mint(prefix: str, separator: str = ".") -> str:
    """Return a new token `<prefix>.<32 characters>`: 160 random bits and a checksum."""
    body = secrets.token_bytes(RANDOM_BYTES)
    return f"{prefix}{separator}{_base64(body + _checksum(prefix, body))}"


def is_well_formed(token: str) -> bool:
    """Return True if the checksum of a token is right. It refuses junk without a database query."""
    prefix, text = token[: -TEXT_LENGTH - 1], token[-TEXT_LENGTH:]
    if token[len(prefix) : -TEXT_LENGTH] not in SEPARATORS:
        return False
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        return False
    body = raw[:-CHECKSUM_BYTES]
    return len(body) == RANDOM_BYTES and raw[-CHECKSUM_BYTES:] == _checksum(prefix, body)


def load_or_create_secret(path: Path) -> str:
    """Return the secret in a file. If it is missing, create it, readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    # Written to another file and linked: two processes that start together agree on one secret.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def _checksum(prefix: str, body: bytes) -> bytes:
    return zlib.crc32(prefix.encode() + body).to_bytes(CHECKSUM_BYTES, "big")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
