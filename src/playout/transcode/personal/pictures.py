"""The pictures of a rendition, and the place of a segment: what is known without a decoder.

Decoders are loaded where pictures are drawn over alone: they take a third of a second and memory.
"""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Pictures:
    """The size, rate, quality and colours of the pictures of a rendition."""

    width: int
    height: int
    rate: tuple[int, int]
    """Frames per second, as numerator and denominator."""
    crf: int
    max_bitrate: int
    buffer_bits: int
    longest_group: int
    colours: tuple[int, int, int]
    """Primaries, transfer characteristics and matrix, as ITU-T H.273 numbers them."""

    @property
    def fps(self) -> Fraction:
        return Fraction(*self.rate)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        lists = {name: tuple(data[name]) for name in ("rate", "colours")}
        return cls(**{**data, **lists})


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a segment in its film."""

    number: int
    first_frame: int
    frames: int
