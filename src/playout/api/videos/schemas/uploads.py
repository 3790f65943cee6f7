"""The JSON of a new upload. Everything else about uploads is in headers."""

from typing_extensions import TypedDict

from playout.api.types import UuidOut
from playout.core.uploads.model import Upload


class UploadOut(TypedDict):
    """A new upload, and the id of the video whose source it becomes."""

    id: UuidOut
    video: int


def upload_out(upload: Upload) -> UploadOut:
    """Return the JSON of a new upload."""
    return {"id": str(upload.id), "video": upload.video_id}
