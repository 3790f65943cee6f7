"""The channels in which a project is shown to others."""

from enum import StrEnum


class Channel(StrEnum):
    """The channel of a share, which decides which of the project's videos it plays.

    DEV and STAGING play the newest video that is playable, draft or not, PROD the newest one that
    is published and public. Videos of sub-accounts do not count.
    """

    DEV = "DEV"
    STAGING = "STAGING"
    PROD = "PROD"
