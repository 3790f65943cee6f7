"""Secrets that have to be read again, such as those that sign: encrypted in the database."""

import base64
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from playout.kit.errors import Conflict
from playout.kit.signing import Signer

PURPOSE = "vault"


class Vault:
    """Encrypts under the first of the keys, and reads what any of them has encrypted.

    The last key comes from the installation's own secret: it is the only one where none is given,
    and what was encrypted under it can still be read where some are.
    """

    def __init__(self, signer: Signer, keys: Sequence[str] = ()) -> None:
        own = signer.digest(PURPOSE, "key")
        raw = [*(sha256(key.encode()).digest() for key in keys), own]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in raw])

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises `Conflict` where no key fits."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Conflict(
                "A secret in the database cannot be read: PLAYOUT_ENCRYPTION_KEYS lacks its key."
            ) from error

    def renew(self, sealed: bytes) -> bytes:
        """The same secret under the first of the keys. Raises `Conflict` where none fits."""
        return self.seal(self.open(sealed))
