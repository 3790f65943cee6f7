"""What the media part says when a file cannot be used, or when its work is no longer wanted."""

from playout.kit.errors import PlayoutError


class MediaRejected(PlayoutError):
    """The file is not a video that can be played; the message is a sentence for its owner."""

    code = "media_rejected"


class WorkCancelled(Exception):
    """The running command was stopped: `cancelled()` answered yes, or all of Playout is being
    stopped. Nothing is wrong with the file."""
