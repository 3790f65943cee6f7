"""The fields of a template: what may be in the data of one viewer."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playout.compose.manifest.parts import Part

Value = str | float | bool | datetime.date
Values = Mapping[str, Value | None]
"""The values of the fields of one viewer, by their names, as `check_data` returns them."""
MAX_FIELD_LENGTH = 1000
MAX_NUMBER = 10**15


class _Needed(Part):
    required: bool = False
    """The data must have a required field. For any other, `default` stands if it is missing."""

    @model_validator(mode="after")
    def _check_default(self) -> Self:
        if self.required and getattr(self, "default", None) is not None:
            raise ValueError("A required field has no `default`.")
        return self


class TextField(_Needed):
    """A text, such as a name."""

    type: Literal["text"]
    default: str | None = None
    max_length: Annotated[int, Field(ge=1, le=MAX_FIELD_LENGTH)] = 100
    """The most characters, as Unicode counts them."""
    multiline: bool = False
    """A text of several lines: it may have line ends."""

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if self.default is not None and len(self.default) > self.max_length:
            raise ValueError("`default` is longer than `maxLength`.")
        return self


class NumberField(_Needed):
    """A number, written as the language writes it: `1.234,5` in German."""

    type: Literal["number"]
    default: float | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    """Digits after the point. None: as many as the number has, at most three."""
    percent: bool = False
    """Write 0.25 as 25 %."""


class CurrencyField(_Needed):
    """An amount of money, written as the language writes it."""

    type: Literal["currency"]
    default: float | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """The three letters of ISO 4217, such as `EUR`."""
    decimals: bool = True
    """Write cents, too."""


class DateField(_Needed):
    """A day, such as `2026-11-27`, written as the language writes it."""

    type: Literal["date"]
    default: datetime.date | None = None
    format: Literal["short", "medium", "long", "full"] = "long"


class BooleanField(_Needed):
    """A yes or a no, for conditions."""

    type: Literal["boolean"]
    default: bool | None = None


class ImageField(_Needed):
    """The name of one of the template's assets, such as the portrait of an advisor."""

    type: Literal["image"]
    default: Annotated[str, Field(max_length=255)] | None = None


DataField = Annotated[
    TextField | NumberField | CurrencyField | DateField | BooleanField | ImageField,
    Field(discriminator="type"),
]
