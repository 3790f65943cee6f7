"""Identifiers that are made here and not by the database."""

import secrets
from uuid import UUID

import uuid6


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7)."""
    return UUID(int=uuid6.uuid7().int)


def hex24() -> str:
    """24 lower-case hexadecimal digits: 96 random bits, as sessions and publications are named."""
    return secrets.token_hex(12)
