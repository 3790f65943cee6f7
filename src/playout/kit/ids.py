"""Identifiers: those that are made here, and how those of the database are read."""

import re
import secrets
from uuid import UUID

import uuid6


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7)."""
    return UUID(int=uuid6.uuid7().int)


def hex24() -> str:
    """24 lower-case hexadecimal digits: 96 random bits, as sessions and publications are named."""
    return secrets.token_hex(12)


def serial(text: str) -> int:
    """The number that the database gave, from its text; 0, which it never gives, for other text."""
    number = int(text) if re.fullmatch("[1-9][0-9]{0,18}", text) else 0
    return number if number < 2**63 else 0
