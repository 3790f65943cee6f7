"""The project, the channel and other things that a path of the room names."""

from uuid import UUID

from playout.console.visit import Visit
from playout.core.projects.channel import Channel
from playout.kit.errors import NotFound


def uid_in(visit: Visit, name: str) -> UUID:
    """Return the UUID in the path. Raise `NotFound` for a text that is none."""
    return uid_of(visit.path[name], name)


def uid_of(text: str, noun: str) -> UUID:
    """Return the UUID that a text is. Raise `NotFound` for another one."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(f"There is no such {noun}.") from None


def channel_in(visit: Visit) -> Channel:
    """Return the channel in the path. Raise `NotFound`."""
    if visit.path["channel"] not in set(Channel):
        raise NotFound("There is no such channel.")
    return Channel(visit.path["channel"])
