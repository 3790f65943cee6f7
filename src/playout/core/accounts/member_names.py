"""The names of members in rows and events, which keep them for ever: ids, and no person's name."""

from playout.kit.ids import parse_id

PREFIX = "Member "


def written_name(user_id: int) -> str:
    """Return what rows and events call a member."""
    return f"{PREFIX}{user_id}"


def member_in(written: str) -> int | None:
    """Return the id of the member whom a row or an event names; None for anybody else."""
    return parse_id(written.removeprefix(PREFIX)) or None if written.startswith(PREFIX) else None
