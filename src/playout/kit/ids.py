"""Identifiers: how they are made, and how a database id is parsed."""

import re
import secrets
from uuid import UUID

import uuid6

RANDOM_SLUG = "[0-9a-f]{32}"
"""The form of what `random_slug` returns."""
MAX_ID = 2**63 - 1
"""The largest `bigint` of PostgreSQL."""


def uuid7() -> UUID:
    """Return a new UUID that sorts by time (RFC 9562, version 7)."""
    return UUID(int=uuid6.uuid7().int)


def hex24() -> str:
    """Return 24 lower-case hexadecimal digits: 96 random bits, for ids of sessions."""
    return secrets.token_hex(12)


def random_slug() -> str:
    """Return 128 random bits as hexadecimal digits, for an address that nobody can guess.

    A mail program never takes a digit at the end of a link for punctuation.
    """
    return secrets.token_hex(16)


def random_id() -> int:
    """Return a random id of 53 bits: the largest that JavaScript reads exactly.

    It is larger than all ids that were counted up.
    """
    return 2**52 + secrets.randbits(52)


def parse_id(text: str) -> int:
    """Return the database id that a text spells; 0, which no row has, for any other text."""
    number = int(text) if re.fullmatch("[1-9][0-9]{0,18}", text) else 0
    return number if number <= MAX_ID else 0
