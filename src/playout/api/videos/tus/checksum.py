"""The extension `checksum` of tus."""

import base64
import binascii
import hashlib
from hmac import compare_digest

from fastapi import Request

from playout.api.errors import ChecksumMismatch
from playout.kit.errors import Invalid

ALGORITHMS = ("sha1", "sha256", "sha512", "md5")


class Checksum:
    """The checksum that a client sent, and that of the bytes which have arrived."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        self._expected = expected
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        if len(expected) != self._digest.digest_size:
            raise Invalid(f"Upload-Checksum is no {algorithm}.")

    @classmethod
    def of(cls, request: Request) -> "Checksum | None":
        """Return the checksum in `Upload-Checksum`, or None without it. Raise `Invalid`."""
        header = request.headers.get("upload-checksum")
        if header is None:
            return None
        algorithm, _, encoded = header.partition(" ")
        if algorithm not in ALGORITHMS:
            raise Invalid(f"Upload-Checksum must be one of {', '.join(ALGORITHMS)}.")
        return cls(algorithm, decode_base64(encoded, "Upload-Checksum"))

    def update(self, chunk: bytes | bytearray) -> None:
        """Take the next bytes into account."""
        self._digest.update(chunk)

    def verify(self) -> None:
        """Raise `ChecksumMismatch` unless the bytes have the checksum that the client sent."""
        if not compare_digest(self._digest.digest(), self._expected):
            raise ChecksumMismatch("The bytes are not those of Upload-Checksum; send them again.")


def decode_base64(encoded: str, header: str) -> bytes:
    """Return the bytes of a base64 text in a header. Raise `Invalid`."""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(f"{header} is not base64.", {header: "Base64 is needed."}) from error
