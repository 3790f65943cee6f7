"""Grants: the signed part of a playback URL, which opens the files of one video.

In the query of a URL a grant is `expires.signature.holder`. `expires` is a Unix time. The holder is

- the slug of the share that the grant was made through, followed by `-` and the seal of its
  password if it has one, or
- `~` and the id of the key or user token that it was made for, or
- `~l`, the slug of a guest link, `-`, and the epoch of that link, or
- `~p`, a visitor who entered the password of a video.

A grant without a holder opens nothing: it could not be revoked.

`~d` and the id of a distribution may follow the holder. The campaigns of that distribution then
decide as well. The playback URL of a distribution that plays a public video carries that part of a
grant alone, `..~d12`: it opens nothing, and never expires.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from playout.core.media.grant_lifetime import grant_end
from playout.kit.ids import parse_id
from playout.kit.signing import Signer

PURPOSE = "playback"
KEY_MARK = "~"
"""The mark before the id of a key. No slug of a share contains it."""
LINK_MARK = "~l"
"""The mark before the slug of a guest link."""
VISITOR = "~p"
"""The holder of a grant for a visitor who entered the password of a video."""
DISTRIBUTION_MARK = "~d"
"""The mark before the id of a distribution. The id of a key has digits alone."""


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

    @classmethod
    def of(cls, holder: str) -> "Grant":
        """Return the grant of a holder, without what proved it: it was verified before."""
        return cls("", "", holder)

    @property
    def share(self) -> str:
        """Return the slug of the share that the grant was made through, or ""."""
        return "" if self._holder.startswith(KEY_MARK) else self._holder.partition("-")[0]

    @property
    def share_seal(self) -> str:
        """Return the seal of the password that the share had; "" for none."""
        return self._holder.partition("-")[2]

    @property
    def is_visitor(self) -> bool:
        """Return whether the grant was made for a visitor who entered the password of a video."""
        return self._holder == VISITOR

    @property
    def key_id(self) -> int | None:
        """Return the id of the key that a verified grant was made for, or None."""
        is_key = self._holder.startswith(KEY_MARK)
        digits = self._holder.removeprefix(KEY_MARK)
        return int(digits) if is_key and digits.isdecimal() else None

    @property
    def link(self) -> tuple[str, int] | None:
        """Return the slug and the epoch of the guest link that the grant was made through."""
        slug, _, epoch = self._holder.removeprefix(LINK_MARK).partition("-")
        is_link = self._holder.startswith(LINK_MARK) and epoch.isdecimal()
        return (slug, int(epoch)) if is_link else None

    @property
    def distribution_id(self) -> int | None:
        """Return the id of the distribution whose campaigns decide, or None.

        It is 0, which no distribution has, for a text that is no id.
        """
        _, mark, digits = self.holder.partition(DISTRIBUTION_MARK)
        return parse_id(digits) if mark else None

    @property
    def _holder(self) -> str:
        return self.holder.partition(DISTRIBUTION_MARK)[0]

    def is_valid(self, signer: Signer, uid: UUID, epoch: int, now: datetime) -> bool:
        """Return whether Playout signed the grant for that video and epoch, and it has not expired.

        The caller also checks that its holder may have the files now.
        """
        expires = self.expires
        if (
            not self._holder
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
    expires = str(int(grant_end(now).timestamp()))
    signature = signer.signature(PURPOSE, _message(uid, epoch, expires, holder))
    return f"{expires}.{signature}.{holder}"


def unsigned_grant(distribution_id: int | None) -> str:
    """Return what the URLs of a public video carry: "", or the name of a distribution."""
    return "" if distribution_id is None else f"..{DISTRIBUTION_MARK}{distribution_id}"


def grant_query(grant: str) -> str:
    """Return the query of a URL that carries the grant; "" for none."""
    return urlencode({"grant": grant}) if grant else ""


def holder_of_distribution(holder: str, distribution_id: int | None) -> str:
    """Return the holder of a grant whose use the campaigns of a distribution decide as well."""
    return holder if distribution_id is None else f"{holder}{DISTRIBUTION_MARK}{distribution_id}"


def link_holder(slug: str, epoch: int) -> str:
    """Return the holder of a grant that is made through a guest link, in that epoch of it."""
    return f"{LINK_MARK}{slug}-{epoch}"


def share_holder(slug: str, seal: str) -> str:
    """Return the holder of a grant that is made through a share; `seal` is of its password."""
    return f"{slug}-{seal}" if seal else slug


def key_holder(key_id: int | None) -> str:
    """Return the holder of a grant that is made for a key; "" for None, who holds no grant."""
    return "" if key_id is None else f"{KEY_MARK}{key_id}"


def _message(uid: UUID, epoch: int, expires: str, holder: str) -> str:
    return f"{uid}.{epoch}.{expires}.{holder}"
