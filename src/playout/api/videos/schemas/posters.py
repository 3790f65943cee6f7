"""The JSON of a poster that is taken from the video itself."""

from typing import Annotated

from pydantic import BaseModel, Field

from playout.api.types import NOT_A_BOOL, example

LATEST_TIME = 1_000_000


class PosterTimeIn(BaseModel):
    """A time of the video, in seconds."""

    model_config = example(time=0.5)

    time: Annotated[float, Field(ge=0, le=LATEST_TIME, allow_inf_nan=False), NOT_A_BOOL]
