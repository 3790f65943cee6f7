"""Visitors: told apart for a day, and never followed."""

import hashlib
import secrets
from datetime import date
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from playout.core.analytics.model import SALTS
from playout.kit.database.engine import Database
from playout.kit.user_agents import AGENT_LENGTH, MOBILE, TABLET, TV

SALT_BYTES = 32
MOST_AGENTS = 10_000
"""User agents that are remembered: to judge one takes longer than all else about its beacon."""


class Salts:
    """The salt of the day, which all processes share.

    A visitor is a hash of it, the address and the user agent. Neither is stored, and when the salt
    is destroyed after its day, nobody can compute the hash again.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # Several threads ask. Only both together are right.
        self._known: tuple[date, bytes] | None = None

    def open_day(self, day: date) -> bytes:
        """Return the salt of today, which the first process that needs it makes.

        If the next day has begun meanwhile, it is the salt of that one: the other is gone.
        """
        known = self._known
        if known is not None and known[0] >= day:
            return known[1]
        # Not in the transaction of a caller: all others would wait for its end.
        with self._database.write_session() as session:
            salt = _salt_of(session, day)
        self._known = day, salt
        return salt

    def of_day(self, day: date) -> bytes | None:
        """Return the salt of a day if this process has it; None if that day is over."""
        known = self._known
        return known[1] if known is not None and known[0] == day else None


def _salt_of(session: Session, day: date) -> bytes:
    """Return the salt of today, which is made if there is none yet. Those before are gone then."""
    destroy_salts(session, day)
    salt = secrets.token_bytes(SALT_BYTES)
    session.execute(insert(SALTS).values(day=day, salt=salt).on_conflict_do_nothing())
    return bytes(session.scalars(select(SALTS.c.salt).where(SALTS.c.day == day)).one())


def destroy_salts(session: Session, today: date) -> None:
    """Destroy the salts of all days before today."""
    session.execute(delete(SALTS).where(SALTS.c.day < today))


def visitor_hash(salt: bytes, address: str, agent: str) -> int:
    """Return the visitor, as a number of 64 bits with a sign."""
    return _number(hashlib.blake2b(f"{address}\n{agent}".encode(), key=salt, digest_size=8))


def view_hash(view: str, video: str) -> int:
    """Return a loaded page, as a number. The same text with two videos makes two numbers.

    `video` is its subject. So it is the same number for beacons and for requests of segments.
    """
    return _number(hashlib.blake2b(f"{view}\n{video}".encode(), digest_size=8))


@lru_cache(MOST_AGENTS)
def is_bot(agent: str) -> bool:
    """Return whether a user agent is one of a program; an empty one is."""
    # Its patterns take a while to load, and most commands need none.
    from crawleruseragents import is_crawler  # noqa: PLC0415

    return not agent or is_crawler(agent[:AGENT_LENGTH])


@lru_cache(MOST_AGENTS)
def device_of(agent: str) -> str:
    """Return `phone`, `tablet`, `tv` or `computer`."""
    shown = agent[:AGENT_LENGTH]
    if TV.search(shown):
        return "tv"
    if TABLET.search(shown):
        return "tablet"
    return "phone" if MOBILE.search(shown) else "computer"


def _number(digest: "hashlib.blake2b") -> int:
    return int.from_bytes(digest.digest(), signed=True)
