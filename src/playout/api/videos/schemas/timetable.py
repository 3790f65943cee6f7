"""The JSON of the changes of a video that are to be made at a time."""

from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, Rfc3339DateTime
from playout.api.videos.schemas.types import time_out
from playout.core.videos.model import Video, Visibility
from playout.core.videos.timetable import MAX_TIMED_VISIBILITIES, parse_time

PublishAt = Annotated[
    Rfc3339DateTime,
    Field(description="When the video is published; null for no such time. Past ones are null"),
]
UnpublishAt = Annotated[
    Rfc3339DateTime,
    Field(description="When the video is unpublished; null for no such time. Past ones are null"),
]


class TimedVisibilityIn(BaseModel):
    """A visibility, and the time from which the video has it."""

    at: Rfc3339DateTime
    visibility: Visibility


class TimedVisibilityOut(TypedDict):
    """A visibility, and the time from which the video has it."""

    at: DateTimeOut
    visibility: Visibility


VisibilityAt = Annotated[
    list[TimedVisibilityIn],
    Field(
        max_length=MAX_TIMED_VISIBILITIES,
        description="Who may watch the video from which time on. What has happened is left out",
    ),
]


def timed_visibilities_out(video: Video) -> list[TimedVisibilityOut]:
    """Return the visibilities that are still to come, the earliest first."""
    return [
        {"at": time_out(parse_time(each["at"])), "visibility": each["visibility"]}
        for each in video.visibility_at
    ]
