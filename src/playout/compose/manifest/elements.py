"""The elements that a template draws over its film: texts, images and shapes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playout.compose.manifest.parts import (
    Anchor,
    Color,
    Font,
    Length,
    Name,
    Part,
    Place,
    Seconds,
    Shadow,
    Share,
    Stroke,
    Transition,
)

MAX_TEXT = 2000


class _Placed(Part):
    """An element with a time, a place, and transitions."""

    id: Name
    start: Seconds
    end: Seconds
    x: Place
    y: Place
    width: Length
    height: Length
    anchor: Anchor = "topLeft"
    opacity: Share = 1
    enter: Transition | None = None
    leave: Transition | None = None
    when: Annotated[str, Field(max_length=1000)] | None = None
    """The condition under which the element is drawn, such as `{{plan}} == "gold"`."""

    @model_validator(mode="after")
    def _check_times(self) -> Self:
        moving = sum(each.seconds for each in (self.enter, self.leave) if each)
        if self.end <= self.start:
            raise ValueError("`end` must be later than `start`.")
        if moving > self.end - self.start:
            raise ValueError("`enter` and `leave` take longer than the element is shown.")
        return self


class TextElement(_Placed):
    """A text in a box. `{{name}}` in it stands for the value of a field."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    font: Font = Font()
    size: Annotated[float, Field(gt=0, le=1)]
    """The height of a line of letters (em)."""
    color: Color = "#ffffff"
    stroke: Stroke | None = None
    shadow: Shadow | None = None
    align: Literal["start", "left", "center", "right", "end"] = "start"
    """`start` is the left for a text that runs to the right, and the right for Arabic or Hebrew."""
    vertical_align: Literal["top", "middle", "bottom"] = "top"
    line_height: Annotated[float, Field(ge=0.8, le=3)] = 1.2
    wrap: bool = True
    """If not, a text that is too wide stays in one line."""
    max_lines: Annotated[int, Field(ge=1, le=50)] | None = None
    shrink_to: Annotated[float, Field(gt=0, le=1)] | None = None
    """The least share of `size` to which a text shrinks if it does not fit. None: it never does."""


class ImageElement(_Placed):
    """A picture among the template's assets."""

    type: Literal["image"]
    asset: Annotated[str, Field(min_length=1, max_length=255)]
    """The name of an asset, or `{{name}}` of a field of type `image`."""
    fit: Literal["contain", "cover", "fill"] = "contain"
    radius: Share = 0
    """The radius of its corners as a share of its shorter side: 0.5 makes a circle of a square."""


class ShapeElement(_Placed):
    """A rectangle or an ellipse that fills its box."""

    type: Literal["shape"]
    shape: Literal["rectangle", "ellipse"] = "rectangle"
    fill: Color | None = None
    stroke: Stroke | None = None
    shadow: Shadow | None = None
    radius: Share = 0
    """The radius of a rectangle's corners as a share of its shorter side."""

    @model_validator(mode="after")
    def _check_visible(self) -> Self:
        if self.fill is None and self.stroke is None:
            raise ValueError("A shape needs `fill` or `stroke`.")
        return self


class LottieElement(_Placed):
    """A Lottie animation among the template's assets."""

    type: Literal["lottie"]
    asset: Annotated[str, Field(min_length=1, max_length=255)]
    """The name of an asset, such as `overlay.json`."""
    fit: Literal["contain", "fill"] = "contain"
    loop: bool = False
    """Begin again at its end. If not, its last frame stays."""
    texts: Annotated[
        dict[
            Annotated[str, Field(max_length=255)],
            Annotated[str, Field(max_length=MAX_TEXT)],
        ],
        Field(max_length=100, default_factory=dict),
    ]
    """The texts of its text layers, by their names. `{{name}}` stands for the value of a field."""


Element = Annotated[
    TextElement | ImageElement | ShapeElement | LottieElement, Field(discriminator="type")
]
