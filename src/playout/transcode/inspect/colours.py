"""The colours of a picture: what its numbers mean, as ITU-T H.273 numbers it."""

from dataclasses import dataclass
from typing import Self

UNKNOWN = 2
BT709, BT601 = 1, 6
BT2020_PRIMARIES, BT2020_MATRIX = 9, 9
PQ, HLG = 16, 18
HD_LINES, HD_COLUMNS = 720, 1280
"""A picture is HD from one of these on: wide films have fewer lines."""

_PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020"}
_PRIMARIES |= {4: "bt470m", 8: "film", 11: "smpte431", 12: "smpte432"}
_TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m"}
_TRANSFERS |= {8: "linear", 11: "iec61966-2-4", 13: "iec61966-2-1"}
_TRANSFERS |= {14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 18: "arib-std-b67"}
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc"}
_MATRICES |= {10: "bt2020c"}
_KEPT_PRIMARIES, _KEPT_TRANSFERS, _KEPT_MATRICES = {1, 5, 6, 7}, {1, 5, 6, 13}, {1, 5, 6}
_OF_MATRIX = {1: (1, 1), 5: (5, 6), 6: (6, 6), 7: (7, 7), 9: (9, 1), 10: (9, 1)}
"""The primaries and the transfer that usually come with each matrix, for a file that does not state
them."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Primaries, transfer characteristics and matrix; none of them is unknown."""

    primaries: int = BT709
    transfer: int = BT709
    matrix: int = BT709
    is_full_range: bool = False

    @classmethod
    def resolved(
        cls, primaries: int, transfer: int, matrix: int, *, is_full_range: bool, is_hd: bool
    ) -> Self:
        """Return colours of which some may be unknown: then what is usual for the others counts.

        Where nothing is known, the size decides: BT.709 for HD, else SMPTE 170M.
        """
        if transfer in {PQ, HLG}:
            # Files with half of the tags are common. PQ and HLG always come with BT.2020.
            return cls(BT2020_PRIMARIES, transfer, BT2020_MATRIX, is_full_range)
        if matrix not in _MATRICES:
            by_primaries = {1: 1, 5: 5, 6: 6, 7: 7, 9: 9, 11: 1, 12: 1}
            matrix = by_primaries.get(primaries, BT709 if is_hd else BT601)
        usual = _OF_MATRIX.get(matrix, (1, 1))
        return cls(
            primaries if primaries in _PRIMARIES else usual[0],
            transfer if transfer in _TRANSFERS else usual[1],
            matrix,
            is_full_range,
        )

    @property
    def is_hdr(self) -> bool:
        """Return whether the picture has a high dynamic range: PQ or HLG."""
        return self.transfer in {PQ, HLG}

    @property
    def is_wide(self) -> bool:
        """Return whether the primaries are other than those of ordinary screens."""
        return self.primaries not in _KEPT_PRIMARIES

    @property
    def target(self) -> "Colours":
        """Return the colours of its renditions: its own where all players know them."""
        if self.is_hdr or self.is_wide:
            return Colours()
        if self.matrix not in _KEPT_MATRICES or _OF_MATRIX[self.matrix][0] != self.primaries:
            return Colours()
        transfer = self.transfer if self.transfer in _KEPT_TRANSFERS else BT709
        return Colours(self.primaries, transfer, self.matrix)

    @property
    def names(self) -> tuple[str, str, str]:
        """Return ffmpeg's names of primaries, transfer and matrix."""
        return _PRIMARIES[self.primaries], _TRANSFERS[self.transfer], _MATRICES[self.matrix]


BT709_COLOURS = Colours()
RGB = Colours(matrix=BT709, is_full_range=True)
PQ_LIGHT = Colours(BT2020_PRIMARIES, PQ, BT2020_MATRIX, is_full_range=True)
"""The brightness of Dolby Vision without a base layer. Its colours are those of no standard."""
JPEG = Colours(matrix=5, is_full_range=True)
"""The colours of JPEG (JFIF): the primaries of screens, and the matrix of BT.601, in full range."""
