"""The search for recipients, by reference, link and state.

References are encrypted, so that no index finds them: a search decrypts one after the other, a
limited number at once, and says where to go on.
"""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from playout.core.recipients import queries, service
from playout.core.recipients.model import Recipient, RecipientState
from playout.core.recipients.private import decrypted
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit
from playout.kit.encryption import SecretCipher
from playout.kit.text import normalize

MOST_READ = 10_000
"""Recipients whose references one search decrypts: a third of a second of a core."""
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Search:
    """The recipients to find: all of a share, if nothing is asked for."""

    text: str = ""
    """A part of the reference in any case, or a whole link."""
    state: RecipientState | None = None
    import_id: UUID | None = None


class Match(NamedTuple):
    """A recipient, and by what the caller knows that person."""

    recipient: Recipient
    reference: str | None


class Found(NamedTuple):
    """The recipients that a search found. It goes on after `next`; None at the end."""

    matches: list[Match]
    next: UUID | None


def find(
    unit: ReadUnit,
    share: Share,
    cipher: SecretCipher,
    search: Search,
    *,
    after: UUID | None,
    limit: int,
) -> Found:
    """Return the next recipients that a search finds, in the order of their rows."""
    service.require_access(unit)
    code = search.text.rstrip("/").rpartition("/")[2]
    linked = queries.of_code(unit, share, code) if code else None
    if linked is not None:
        return Found([Match(linked, decrypted(cipher, linked.secret).reference)], None)
    text = normalize(search.text).casefold()
    at_once = max(AT_ONCE, limit) if text else limit
    matches: list[Match] = []
    for _ in range(MOST_READ // at_once or 1):
        page = queries.page(unit, share, after, at_once + 1, search.import_id, state=search.state)
        for each in page[:at_once]:
            if len(matches) == limit:
                return Found(matches, after)
            after = each.id
            reference = decrypted(cipher, each.secret).reference
            if text in (reference or "").casefold():
                matches.append(Match(each, reference))
        if len(page) <= at_once:
            return Found(matches, None)
        if len(matches) == limit:
            break
    return Found(matches, after)


def counts(unit: ReadUnit, share: Share, import_id: UUID | None) -> dict[str, int]:
    """Return how many recipients of a share, or of one import, are in each state."""
    service.require_access(unit)
    return queries.counts(unit, share, import_id)
