"""The personal part of a recipient. It is in the database encrypted, and nowhere else."""

import json
from dataclasses import dataclass, field
from typing import Any

from playout.kit.encryption import SecretCipher


@dataclass(frozen=True, slots=True)
class Private:
    """The data of a viewer for the template, and by what the caller knows that person."""

    data: dict[str, Any] = field(repr=False)
    reference: str | None = field(default=None, repr=False)


def encrypted(cipher: SecretCipher, private: Private) -> bytes:
    """Return the personal part of a recipient for the database."""
    return cipher.encrypt(json.dumps([private.data, private.reference], separators=(",", ":")))


def decrypted(cipher: SecretCipher, secret: bytes) -> Private:
    """Return the personal part of a recipient. Raise `Conflict` if no key fits."""
    data, reference = json.loads(cipher.decrypt(secret))
    return Private(data, reference)
