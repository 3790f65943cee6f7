"""The JSON of chapters."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from typing_extensions import TypedDict

from playout.api.types import Title, example
from playout.core.media.model import Chapter
from playout.core.videos.chapters import MAX_START
from playout.transcode.inspect.side_tracks import MAX_CHAPTERS


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("must be a number of seconds")
    return value


Start = Annotated[float, Field(ge=0, le=MAX_START), BeforeValidator(_number)]


class ChapterIn(BaseModel):
    """A chapter: its beginning in seconds, and its title."""

    model_config = example(start=75.5, title="The climb")

    start: Start
    title: Title


Chapters = Annotated[list[ChapterIn], Field(max_length=MAX_CHAPTERS)]


class ChapterOut(TypedDict):
    """A chapter. It lasts until the next one begins."""

    start: Annotated[float, Field(description="Seconds from the beginning of the video")]
    title: str


def chapter_out(chapter: Chapter) -> ChapterOut:
    """Return the JSON of a chapter."""
    return {"start": chapter["start"], "title": chapter["title"]}
