"""The pictures of a video, and a poster that somebody chose."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from playout.kit.errors import Invalid
from playout.transcode.inspect.probe import probe
from playout.transcode.names import PREVIEW, STORYBOARD_IMAGE
from playout.transcode.pictures.custom_poster import posters_at, posters_of_image
from playout.transcode.pictures.picture_set import POSTERS, make_pictures, size_of
from playout.transcode.pictures.storyboard import Storyboard, storyboard_cues
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]
JPEG, WEBP = ("jpeg_pipe", "webp_pipe")


def seen(file: Path) -> tuple[int, int, float]:
    """Width, height, and mean brightness from 0 to 255."""
    width, height, shades = greys(file)
    return width, height, sum(shades) / len(shades)


def greys(file: Path) -> tuple[int, int, bytes]:
    """Width, height, and the brightness of each pixel from 0 to 255."""
    with av.open(str(file), format=JPEG if file.suffix == ".jpg" else WEBP) as container:
        frame = next(container.decode(video=0))
        plane = frame.reformat(format="gray").planes[0]
        rows, length = bytes(plane), plane.line_size
        shades = (rows[length * row : length * row + frame.width] for row in range(frame.height))
        return frame.width, frame.height, b"".join(shades)


def sizes(folder: Path) -> list[tuple[int, int]]:
    return [seen(folder / name)[:2] for name in POSTERS]


class TestMakePictures:
    def test_there_are_posters_in_three_sizes_a_storyboard_and_a_preview(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        source = tmp_path / "source.mp4"
        ffmpeg("-i", clip("short.mkv"), "-frames:v", "30", "-c:v", "mpeg4", source)
        found = probe(source, tools)
        board = make_pictures(source, found, job, tools)
        assert board == Storyboard(1.0, 2, 160, 90)
        wanted = [(1280, 720), (640, 360), (320, 180)]
        assert sizes(job) == [size for size in wanted for _ in ("jpg", "webp")]
        assert size_of(job / "poster.webp") == (1280, 720)
        assert seen(job / STORYBOARD_IMAGE)[:2] == (1600, 90)
        assert (job / PREVIEW).read_bytes()[12:16] == b"VP8X"
        assert b"ANIM" in (job / PREVIEW).read_bytes()[:64]
        assert {file.name for file in job.iterdir()} == {*POSTERS, STORYBOARD_IMAGE, PREVIEW}

    def test_a_small_one_is_not_made_larger(self, clip: Clip, job: Path, tools: Tools) -> None:
        source = clip("vertical.mp4")
        make_pictures(source, probe(source, tools), job, tools)
        assert set(sizes(job)) == {(180, 320)}

    def test_are_turned_as_the_video_is_shown(self, rotated: Path, job: Path, tools: Tools) -> None:
        make_pictures(rotated, probe(rotated, tools), job, tools)
        assert seen(job / "poster.jpg")[:2] == (180, 320)

    @pytest.mark.parametrize(
        ("name", "bright"),
        [("black-start.mp4", True), ("black.mp4", False), ("hdr.mp4", True), ("tenth.mp4", True)],
    )
    def test_the_poster_is_not_black_unless_all_is(
        self, name: str, bright: bool, clip: Clip, job: Path, tools: Tools
    ) -> None:
        make_pictures(clip(name), probe(clip(name), tools), job, tools)
        assert (seen(job / "poster.jpg")[2] > 50) is bright

    def test_key_frames_alone_make_the_same_storyboard_where_there_is_one_every_second(
        self, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        boards = []
        for frames in (25, 250):
            source, made = tmp_path / f"{frames}.mp4", job / str(frames)
            picture = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=6", "-c:v", "libx264")
            ffmpeg(*picture, "-g", str(frames), source)
            made.mkdir()
            make_pictures(source, probe(source, tools), made, tools)
            boards.append(greys(made / STORYBOARD_IMAGE)[2])
        assert sum(abs(a - b) for a, b in zip(*boards, strict=True)) / len(boards[0]) < 4


class TestStoryboard:
    def test_each_time_has_its_part_of_the_large_picture_to_the_end(self) -> None:
        text = storyboard_cues(Storyboard(1.5, 12, 160, 90), 18_400)
        cues = text.split("\n\n")[1:]
        assert cues[0] == "00:00:00.000 --> 00:00:01.500\nstoryboard.jpg\0#xywh=0,0,160,90"
        assert cues[10] == "00:00:15.000 --> 00:00:16.500\nstoryboard.jpg\0#xywh=0,90,160,90"
        assert cues[11].startswith("00:00:16.500 --> 00:00:18.400\n")
        assert len(cues) == 12


class TestOwnPoster:
    @pytest.fixture
    def image(self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path) -> Callable[..., Path]:
        def made(name: str, size: str = "900x600") -> Path:
            file = tmp_path / name
            scale = f"scale={size.replace('x', ':')}"
            ffmpeg("-i", clip("plain.mp4"), "-vf", scale, "-frames:v", "1", file)
            return file

        return made

    @pytest.mark.parametrize("name", ["own.jpg", "own.png", "own.webp"])
    def test_a_picture_becomes_all_sizes(
        self, name: str, image: Callable[..., Path], job: Path, each_sandbox: Tools
    ) -> None:
        assert posters_of_image(image(name), job, each_sandbox) == (900, 600)
        wanted = [(900, 600), (640, 426), (320, 214)]
        assert sizes(job) == [size for size in wanted for _ in ("jpg", "webp")]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"GIF89a",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\xff\xd8\xff" + b"\0" * 100,
            b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
            b"RIFF\0\0\0\0WAVE",
            b"RIFF\x40\0\0\0WEBPVP8 " + b"\0" * 60,
        ],
    )
    def test_what_is_no_picture_is_refused(
        self, data: bytes, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        file = tmp_path / "own"
        file.write_bytes(data)
        with pytest.raises(Invalid):
            posters_of_image(file, job, tools)

    def test_more_pixels_than_cameras_have_are_refused_before_they_are_decoded(
        self, image: Callable[..., Path], job: Path, tools: Tools
    ) -> None:
        small = bytearray(image("own.png", "64x64").read_bytes())
        small[16:24] = (30_000).to_bytes(4, "big") * 2
        file = job.with_name("large.png")
        file.write_bytes(small)
        with pytest.raises(Invalid, match="megapixels"):
            posters_of_image(file, job, tools)

    @pytest.mark.parametrize(("seconds", "bright"), [(0.2, False), (1.5, True), (2.0, True)])
    def test_a_moment_of_the_video_is_that_moment(
        self, seconds: float, bright: bool, clip: Clip, job: Path, tools: Tools
    ) -> None:
        assert posters_at(clip("clap.mp4"), seconds, 2000, job, tools)
        assert (seen(job / "poster.jpg")[2] > 100) is bright
