"""Errors of media work: the file is at fault, or somebody stopped the work."""

from playout.kit.errors import PlayoutError


class MediaRejected(PlayoutError):
    """The file is not a video that can be played. The message is a sentence for its owner."""

    code = "media_rejected"


class WorkCancelled(Exception):
    """The command was stopped before its end. Nothing is wrong with the file.

    Either `cancelled()` returned True, or all of Playout is being stopped.
    """
