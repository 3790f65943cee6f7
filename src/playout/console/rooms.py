"""The rooms of the console, in the order in which every page lists them."""

from typing import NamedTuple

IN_DOCK = 4
"""Rooms that a phone shows under the thumb. The others are behind "More"."""


class Room(NamedTuple):
    """A room: its path below that of the console, its name, and its sign in `icons.html`."""

    path: str
    name: str
    icon: str


ROOMS = (
    Room("/videos", "Videos", "videos"),
    Room("/landing", "Landing pages", "landing"),
    Room("/campaigns", "Campaigns", "campaigns"),
    Room("/audience", "Audience", "audience"),
    Room("/automation", "Automation", "automation"),
    Room("/organization", "Organization", "organization"),
)
