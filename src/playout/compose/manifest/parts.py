"""The parts that all elements of a template manifest are made of.

Lengths are shares of the frame, so that a manifest fits every rendition: of its width along x, and
of its height along y and for sizes of letters, strokes and blurs. Times are seconds of the film.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

MAX_SECONDS = 12 * 3600
MAX_TRANSITION = 10


class Part(BaseModel):
    """A part of a template manifest. Its JSON has names such as `lineHeight`, and no others."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        str_max_length=20_000,
        allow_inf_nan=False,
    )


Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$")]
"""`#rrggbb`, or `#rrggbbaa` for one that is partly transparent."""
Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS)]
Place = Annotated[float, Field(ge=-4, le=4)]
Length = Annotated[float, Field(gt=0, le=4)]
Share = Annotated[float, Field(ge=0, le=1)]
Anchor = Literal[
    "topLeft",
    "top",
    "topRight",
    "left",
    "center",
    "right",
    "bottomLeft",
    "bottom",
    "bottomRight",
]
"""The point of an element's box that lies at its `x` and `y`."""


class Stroke(Part):
    """A line around letters or a shape."""

    color: Color
    width: Annotated[float, Field(gt=0, le=0.1)]


class Shadow(Part):
    """The shadow of letters or a shape."""

    color: Color = "#00000080"
    dx: Annotated[float, Field(ge=-0.1, le=0.1)] = 0
    dy: Annotated[float, Field(ge=-0.1, le=0.1)] = 0.004
    blur: Annotated[float, Field(ge=0, le=0.1)] = 0.004


class Font(Part):
    """The font of a text. Letters that it lacks come from the bundled ones."""

    family: Annotated[str, Field(min_length=1, max_length=100)] = "Noto Sans"
    weight: Annotated[int, Field(ge=100, le=900)] = 400
    italic: bool = False


class Transition(Part):
    """The way in which an element appears or disappears."""

    kind: Literal["fade", "slideLeft", "slideRight", "slideUp", "slideDown"] = "fade"
    """The direction in which a sliding element moves. It fades, too."""
    seconds: Annotated[float, Field(gt=0, le=MAX_TRANSITION)] = 0.3
    distance: Annotated[float, Field(gt=0, le=1)] = 0.1
    """The distance that a sliding element moves."""
