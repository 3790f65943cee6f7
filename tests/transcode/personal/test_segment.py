"""A film of shared and rendered segments, as a player decodes it."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from playout.transcode.errors import MediaRejected
from playout.transcode.personal.segment import Drawn, render_segment
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg
from tests.transcode.helpers.personal import (
    FILM,
    Box,
    Film,
    make_base,
    packet_times,
    pictures,
    ssim,
)

pytestmark = pytest.mark.slow

BOX = Box()
FRAMES = 180


def layer_of(frame: int) -> Drawn | None:
    """Draw over all pictures but every seventh one."""
    return None if frame % 7 == 0 else BOX


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, ffmpeg: Ffmpeg) -> Path:
    file = tmp_path_factory.mktemp("personal") / "film.mp4"
    ffmpeg(*FILM, file)
    return file


@pytest.fixture(scope="module")
def films(source: Path, tools: Tools) -> list[Film]:
    """Return each rendition: 240p and 360p."""
    base = make_base(source, source.parent / "base", tools)
    return [Film(base, rendition) for rendition in base.renditions]


@pytest.fixture(scope="module")
def film(films: list[Film]) -> Film:
    return films[-1]


@pytest.fixture(scope="module")
def segments(film: Film) -> list[bytes]:
    return film.segments(layer_of)


@pytest.fixture(scope="module")
def shown(film: Film, segments: list[bytes]) -> list[NDArray[np.uint8]]:
    return pictures(film.head + b"".join(segments))


def blended(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the brightness of a picture with the box over it, computed from its colours."""
    frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    frame.colorspace, frame.color_range = 1, 1
    rgb = frame.to_ndarray(format="rgb24").astype(np.float64)
    x, y, width, height = BOX.box
    part = rgb[y : y + height, x : x + width]
    part[...] = part * (1 - BOX.colour[3] / 255) + np.array(BOX.colour[:3])
    return rgb @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255 + 16


class TestSegments:
    def test_each_picture_has_the_time_that_it_has_in_the_base(self, films: list[Film]) -> None:
        for film in films:
            joined = film.head + b"".join(film.segments(layer_of))
            shown, decoded = zip(*packet_times(joined), strict=True)
            base_shown, base_decoded = zip(
                *packet_times(film.head + b"".join(film.shared)), strict=True
            )
            assert sorted(shown) == sorted(base_shown)
            assert decoded == base_decoded
            assert len(shown) == FRAMES
            assert set(np.diff(sorted(shown))) == {film.header.timescale // 30}
            assert all(np.diff(decoded) > 0)

    def test_segments_begin_where_the_cuts_are_in_every_rendition(self, films: list[Film]) -> None:
        assert len(films) == 2
        assert films[0].places == films[1].places

    def test_pictures_of_shared_segments_are_those_of_the_base(
        self, film: Film, shown: list[NDArray[np.uint8]]
    ) -> None:
        plain = pictures(film.head + b"".join(film.shared))
        shared = [place for place in film.places if place.number not in film.touched]
        numbers = [each.first_frame + n for each in shared for n in range(each.frames)]
        assert len(numbers) > 60
        assert all(np.array_equal(plain[number], shown[number]) for number in numbers)

    def test_what_is_drawn_lies_over_the_pictures_of_the_source(
        self, film: Film, source: Path, shown: list[NDArray[np.uint8]]
    ) -> None:
        originals = pictures(source)
        touched = [
            place.first_frame + number
            for place in film.places
            if place.number in film.touched
            for number in range(place.frames)
        ]
        compared = touched[:: max(len(touched) // 20, 1)]
        assert len(compared) >= 20
        for number in compared:
            plain = originals[number][:360].astype(np.float64)
            expected = plain if layer_of(number) is None else blended(originals[number])
            seen = shown[number][:360]
            assert ssim(seen, expected.astype(np.uint8)) >= 0.98, number
            x, y, width, height = BOX.box
            # Inside and beside the box by itself: most of the picture is the same in any case.
            assert (
                ssim(
                    seen[y - 8 : y + height + 8, x - 8 : x + width + 8],
                    expected[y - 8 : y + height + 8, x - 8 : x + width + 8].astype(np.uint8),
                )
                >= 0.95
            ), number

    def test_colours_are_those_of_the_source_at_the_seams(
        self, film: Film, source: Path, shown: list[NDArray[np.uint8]]
    ) -> None:
        originals = pictures(source)
        for place in film.places:
            first = place.first_frame
            differences = shown[first].astype(float) - originals[first]
            assert abs(differences[:100].mean()) < 0.5
            assert abs(differences[360:380].mean()) < 0.5

    def test_the_first_pictures_come_before_the_segment_is_whole(self, film: Film) -> None:
        fragments = film.rendered(film.touched[1], layer_of)
        assert len(fragments) >= 3
        assert len(packet_times(film.head + fragments[0])) == 4


class TestRefusals:
    def test_a_base_that_the_encoder_does_not_fit(self, film: Film) -> None:
        number = film.touched[0]
        other = replace(film.rendition.pictures, width=638)
        with pytest.raises(MediaRejected):
            list(
                render_segment(
                    other, film.header, film.places[number], film.mezzanine(number), layer_of
                )
            )

    def test_a_segment_with_too_few_pictures(self, film: Film) -> None:
        first, second = film.touched[:2]
        place = replace(film.places[second], frames=film.places[second].frames + 1)
        with pytest.raises(MediaRejected):
            list(
                render_segment(
                    film.rendition.pictures, film.header, place, film.mezzanine(first), layer_of
                )
            )
