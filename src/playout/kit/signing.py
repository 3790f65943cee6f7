"""Keys, tokens and signatures, all derived from one secret that never enters the database."""

import base64
import hashlib
import hmac
import os
import secrets
import zlib
from pathlib import Path

RANDOM_BYTES = 20
CHECKSUM_BYTES = 4
JOINTS = (".", "_")
"""What may stand between a prefix and its text."""
TEXT_LENGTH = (RANDOM_BYTES + CHECKSUM_BYTES) * 4 // 3


class Signer:
    """Makes keyed hashes, one independent key for each purpose.

    The secret must be the same in every process of an installation.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def digest(self, purpose: str, message: str) -> bytes:
        """32 bytes: HMAC-SHA-256 of the message under the key of that purpose."""
        key = hmac.digest(self._secret, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, message.encode(), hashlib.sha256)

    def signature(self, purpose: str, message: str) -> str:
        """The digest as 43 URL-safe characters."""
        return _text(self.digest(purpose, message))

    def verify(self, purpose: str, message: str, signature: str) -> bool:
        """Whether the signature is this message's, compared in constant time."""
        expected = self.signature(purpose, message)
        return hmac.compare_digest(expected.encode(), signature.encode())


def mint(prefix: str, joint: str = ".") -> str:
    """A new secret `<prefix>.<32 characters>`: 160 random bits and a checksum."""
    body = secrets.token_bytes(RANDOM_BYTES)
    return f"{prefix}{joint}{_text(body + _checksum(prefix, body))}"


def well_formed(token: str) -> bool:
    """Whether a token has an intact checksum, as `mint` makes it; junk has not."""
    prefix, text = token[: -TEXT_LENGTH - 1], token[-TEXT_LENGTH:]
    if token[len(prefix) : -TEXT_LENGTH] not in JOINTS:
        return False
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        return False
    body = raw[:-CHECKSUM_BYTES]
    return len(body) == RANDOM_BYTES and raw[-CHECKSUM_BYTES:] == _checksum(prefix, body)


def load_secret(path: Path) -> str:
    """The secret kept in that file; made, readable by its owner alone, where there is none yet."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    # Written aside and linked, so that two processes that start together agree on one secret.
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


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
