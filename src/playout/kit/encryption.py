"""Encryption of secrets that Playout must read again, such as those that sign webhooks."""

import base64
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from playout.kit.errors import Conflict
from playout.kit.signing import Signer

PURPOSE = "vault"
"""The purpose under which the last key is derived. Existing secrets depend on this text."""


class SecretCipher:
    """Encrypts with the first of its keys, and decrypts with whichever of them fits.

    The last key is derived from the installation's own secret. It is the only one if `keys` is
    empty, and still decrypts what it encrypted before there were others.
    """

    def __init__(self, signer: Signer, keys: Sequence[str] = ()) -> None:
        derived = signer.digest(PURPOSE, "key")
        raw = [*(sha256(key.encode()).digest() for key in keys), derived]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in raw])

    def encrypt(self, secret: str) -> bytes:
        """Return the secret, encrypted with the first key."""
        return self._fernet.encrypt(secret.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the secret. Raises `Conflict` if no key fits."""
        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken as error:
            raise Conflict(
                "A secret in the database cannot be read: PLAYOUT_ENCRYPTION_KEYS lacks its key."
            ) from error

    def reencrypt(self, encrypted: bytes) -> bytes:
        """Return the secret, encrypted with the first key. Raises `Conflict` if no key fits."""
        return self.encrypt(self.decrypt(encrypted))
