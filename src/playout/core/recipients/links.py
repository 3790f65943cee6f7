"""The addresses of recipients, one by one and as a file for mail programs."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple
from uuid import UUID

from playout.core.playback.grants import share_holder
from playout.core.projects.channel import Channel
from playout.core.recipients import service
from playout.core.recipients.model import Recipient
from playout.core.recipients.private import decrypted
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit
from playout.kit.clock import rfc3339
from playout.kit.encryption import SecretCipher

AT_ONCE = 1_000
"""Recipients of one piece of the file."""
COLUMNS = ("reference", "id", "url", "posterUrl", "previewUrl", "expiresAt", "state", "views")


class Links(NamedTuple):
    """The addresses of a recipient. A share with a password has no pictures outside of its page."""

    url: str
    poster_url: str | None
    preview_url: str | None


def links_of(recipient: Recipient, share: Share, base_url: str) -> Links:
    """Return the addresses of a recipient of a share."""
    url = f"{base_url}/s/{share.slug}/{recipient.code}"
    if share.password_hash:
        return Links(url, None, None)
    film = f"{base_url}/films/{share_holder(recipient.code, share.address_seal)}"
    return Links(url, f"{film}/poster.png", f"{film}/preview.gif")


class LinksFile:
    """The links of the recipients of a share, or of one import alone, as CSV."""

    def __init__(
        self,
        open_unit: Callable[[], AbstractContextManager[ReadUnit]],
        project_uid: UUID,
        channel: Channel,
        import_id: UUID | None,
        *,
        cipher: SecretCipher,
        base_url: str,
    ) -> None:
        """Read the first piece. Raise `Forbidden`, and `NotFound`."""
        self._open_unit, self._share = open_unit, (project_uid, channel)
        self._import_id, self._cipher, self._base_url = import_id, cipher, base_url
        self._first = self._piece(None)

    def pieces(self) -> Iterator[str]:
        """Yield the file. Each piece is a query of its own: it ends for whoever may not read on."""
        yield _lines([COLUMNS])
        piece = self._first
        while piece:
            yield _lines([row for _, row in piece])
            piece = self._piece(piece[-1][0]) if len(piece) == AT_ONCE else []

    def _piece(self, after: UUID | None) -> list[tuple[UUID, Sequence[str]]]:
        with self._open_unit() as unit:
            share = service.share_of(unit, *self._share)
            if self._import_id is not None:
                service.get_import(unit, share, self._import_id)
            found = service.page(unit, share, after, AT_ONCE, self._import_id)
            return [(each.id, self._row(each, share)) for each in found]

    def _row(self, recipient: Recipient, share: Share) -> Sequence[str]:
        links = links_of(recipient, share, self._base_url)
        return (
            decrypted(self._cipher, recipient.secret).reference or "",
            str(recipient.id),
            links.url,
            links.poster_url or "",
            links.preview_url or "",
            rfc3339(recipient.expires_at, "milliseconds"),
            str(recipient.state),
            str(recipient.views),
        )


def _lines(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
