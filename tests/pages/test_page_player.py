"""The player in a real browser: its box follows the picture, and never moves."""

import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest

from playout.pages import render
from tests.pages.helpers import examples
from tests.pages.helpers.browser import PHONE, WINDOWS, Show, box, resize

SHAPES = [(1920, 1080), (1080, 1920), (1080, 1080), (1080, 1350), (640, 480), (2390, 1000)]
AS_WIDE_AS_A_PHONE = SHAPES[:4]
ARRIVED = "v => v.readyState > 0 || new Promise(done => v.onloadedmetadata = () => done(true))"


class TestPlayer:
    @pytest.mark.parametrize("size", SHAPES)
    def test_it_has_the_shape_of_the_picture_and_fits_every_window(
        self, show: Show, size: tuple[int, int]
    ) -> None:
        view = replace(examples.WATCH, width=size[0], height=size[1], poster_url=None)
        page = show(render.render_watch(view))
        for window in WINDOWS:
            resize(page, window)
            player = box(page, ".player")
            assert player["height"] <= window[1]
            assert player["width"] <= window[0]
            assert player["width"] / player["height"] == pytest.approx(size[0] / size[1], rel=0.01)
            if window == PHONE and size in AS_WIDE_AS_A_PHONE:
                assert player["width"] == PHONE[0]

    def test_an_upright_video_has_its_title_beside_it_on_a_wide_window(self, show: Show) -> None:
        view = replace(examples.WATCH, width=1080, height=1920)
        page = show(render.render_watch(view))
        player = box(page, ".player")
        assert box(page, "h1")["x"] > player["x"] + player["width"]

    def test_a_video_of_unknown_size_gets_a_wide_box(self, show: Show) -> None:
        view = replace(examples.WATCH, width=None, height=None, poster_url=None)
        player = box(show(render.render_watch(view)), ".player")
        assert player["width"] / player["height"] == pytest.approx(16 / 9, rel=0.01)

    @pytest.mark.parametrize("size", [(320, 180), (180, 320)])
    def test_nothing_moves_when_the_video_arrives(
        self, show: Show, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        video = clip(tmp_path / "clip.mp4", *size)
        view = replace(examples.WATCH, width=size[0], height=size[1])
        expected = box(show(render.render_watch(view)), ".player")
        page = show(render.render_watch(view), video=video)
        page.locator("video").evaluate(ARRIVED)
        assert box(page, ".player") == expected
        assert page.evaluate("document.querySelector('video').videoWidth") == size[0]


def clip(file: Path, width: int, height: int) -> bytes:
    source = f"color=s={width}x{height}:d=1"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", source),
            *("-pix_fmt", "yuv420p", "-movflags", "+faststart", str(file)),
        ],
        check=True,
    )
    return file.read_bytes()
