"""Grants: the signed part of a playback URL, which opens the files of one video.

In the query of a URL a grant is `expires.signature.holder`. `expires` is a Unix time. The holder is
the slug of the share that the grant was made through, or `~` and the id of the key or user token
that it was made for. A grant without a holder opens nothing: it could not be revoked.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from playout.kit.signing import Signer

DAYS = 2
DAY_SECONDS = 86_400
PURPOSE = "playback"
KEY_MARK = "~"
"""The mark before the id of a key. No slug of a share contains it."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as a request carries it. It proves nothing until its signature is verified."""

    expires: str
    signature: str
    holder: str

    @classmethod
    def parse(cls, text: str) -> "Grant":
        """Return the parts of a text that may be a grant; missing parts are empty."""
        expires, _, rest = text.partition(".")
        signature, _, holder = rest.partition(".")
        return cls(expires, signature, holder)

    @property
    def share(self) -> str:
        """Return the slug of the share that the grant was made through, or ""."""
        return "" if self.holder.startswith(KEY_MARK) else self.holder

    @property
    def key_id(self) -> int | None:
        """Return the id of the key that a verified grant was made for, or None."""
        is_key = self.holder.startswith(KEY_MARK)
        return int(self.holder.removeprefix(KEY_MARK)) if is_key else None

    def is_valid(self, signer: Signer, uid: UUID, epoch: int, now: datetime) -> bool:
        """Return whether Playout signed the grant for that video and epoch, and it has not expired.

        The caller also checks that its holder may have the files now.
        """
        expires = self.expires
        if (
            not self.holder
            or not expires.isdecimal()
            or len(expires) > 12
            or int(expires) < now.timestamp()
        ):
            return False
        message = _message(uid, epoch, expires, self.holder)
        return signer.verify(PURPOSE, message, self.signature)


def sign_grant(signer: Signer, uid: UUID, epoch: int, now: datetime, holder: str) -> str:
    """Return a new grant for a video in that epoch, for a holder that may have its files.

    It ends at the end of the next day (UTC), so the URLs of a day are the same and can be cached.
    """
    expires = str((int(now.timestamp()) // DAY_SECONDS + DAYS) * DAY_SECONDS)
    signature = signer.signature(PURPOSE, _message(uid, epoch, expires, holder))
    return f"{expires}.{signature}.{holder}"


def grant_query(grant: str) -> str:
    """Return the query of a URL that carries the grant; "" for none."""
    return urlencode({"grant": grant}) if grant else ""


def key_holder(key_id: int | None) -> str:
    """Return the holder of a grant that is made for a key; "" for None, who holds no grant."""
    return "" if key_id is None else f"{KEY_MARK}{key_id}"


def _message(uid: UUID, epoch: int, expires: str, holder: str) -> str:
    return f"{uid}.{epoch}.{expires}.{holder}"
