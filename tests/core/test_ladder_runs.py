"""Which rungs are encoded together: each run decodes the source once."""

from fractions import Fraction

import pytest

from playout.core.media.renditions import Rendition
from playout.core.processing.ladder import runs_of
from playout.transcode.encode.ladder import Rung, first_rung
from playout.transcode.names import VIDEO_COPY


def rung(height: int) -> Rung:
    return Rung(
        f"{height}p", height * 16 // 9, height, Fraction(30), crf=25, max_bitrate=2_000_000, gop=60
    )


RUNGS = tuple(rung(height) for height in (240, 360, 480, 720))


def copy(codecs: str, *, is_aligned: bool = True) -> dict[str, Rendition]:
    return {VIDEO_COPY: Rendition(name=VIDEO_COPY, codecs=codecs, is_aligned=is_aligned)}


def test_a_top_rendition_that_plays_everywhere_needs_no_quick_rung():
    assert runs_of(RUNGS, copy("avc1.640028")) == [list(RUNGS)]


@pytest.mark.parametrize(
    "present", [{}, copy("hvc1.1.6.L120.B0"), copy("avc1.640028", is_aligned=False)]
)
def test_otherwise_the_first_rung_comes_alone(present):
    first, others = runs_of(RUNGS, present)
    assert first == [first_rung(RUNGS)]
    assert set(others) == set(RUNGS) - set(first)


def test_what_is_there_is_not_encoded_again():
    present = {each.name: Rendition(name=each.name, codecs="avc1") for each in RUNGS[:-1]}
    assert runs_of(RUNGS, present) == [[RUNGS[-1]]]
    assert runs_of(RUNGS, present | {RUNGS[-1].name: Rendition(name="x", codecs="avc1")}) == []
