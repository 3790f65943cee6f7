"""The pictures of a video, and posters that a user chose."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from playout.kit.errors import Invalid
from playout.transcode.inspect.probe import probe
from playout.transcode.names import PREVIEW, STORYBOARD_IMAGE
from playout.transcode.pictures.custom_poster import posters_from_image, posters_from_video
from playout.transcode.pictures.picture_set import make_pictures
from playout.transcode.pictures.posters import POSTERS, webp_size
from playout.transcode.pictures.storyboard import Storyboard, storyboard_webvtt
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip

pytestmark = pytest.mark.slow

JPEG, WEBP = ("jpeg_pipe", "webp_pipe")


def measure(file: Path) -> tuple[int, int, float]:
    """Return width, height, and mean brightness from 0 to 255."""
    width, height, shades = read_greys(file)
    return width, height, sum(shades) / len(shades)


def read_greys(file: Path) -> tuple[int, int, bytes]:
    """Return width, height, and the brightness of each pixel from 0 to 255."""
    with av.open(str(file), format=JPEG if file.suffix == ".jpg" else WEBP) as container:
        frame = next(container.decode(video=0))
        plane = frame.reformat(format="gray").planes[0]
        rows, length = bytes(plane), plane.line_size
        shades = (rows[length * row : length * row + frame.width] for row in range(frame.height))
        return frame.width, frame.height, b"".join(shades)


def poster_sizes(folder: Path) -> list[tuple[int, int]]:
    return [measure(folder / name)[:2] for name in POSTERS]


class TestMakePictures:
    def test_pictures_are_a_poster_in_three_sizes_a_storyboard_and_a_preview(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        source = tmp_path / "source.mp4"
        ffmpeg("-i", clip("short.mkv"), "-frames:v", "30", "-c:v", "mpeg4", source)
        found = probe(source, tools)
        board = make_pictures(source, found, job, tools)
        assert board == Storyboard(1.0, 2, 160, 90)
        expected = [(1280, 720), (640, 360), (320, 180)]
        assert poster_sizes(job) == [size for size in expected for _ in ("jpg", "webp")]
        assert webp_size(job / "poster.webp") == (1280, 720)
        assert measure(job / STORYBOARD_IMAGE)[:2] == (1600, 90)
        assert (job / PREVIEW).read_bytes()[12:16] == b"VP8X"
        assert b"ANIM" in (job / PREVIEW).read_bytes()[:64]
        assert {file.name for file in job.iterdir()} == {*POSTERS, STORYBOARD_IMAGE, PREVIEW}

    def test_poster_of_a_small_video_is_not_scaled_up(
        self, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        source = clip("vertical.mp4")
        make_pictures(source, probe(source, tools), job, tools)
        assert set(poster_sizes(job)) == {(180, 320)}

    def test_pictures_are_rotated_as_the_video_is(
        self, rotated: Path, job: Path, tools: Tools
    ) -> None:
        make_pictures(rotated, probe(rotated, tools), job, tools)
        assert measure(job / "poster.jpg")[:2] == (180, 320)

    @pytest.mark.parametrize(
        ("name", "bright"),
        [("black-start.mp4", True), ("black.mp4", False), ("hdr.mp4", True), ("tenth.mp4", True)],
    )
    def test_poster_is_black_only_if_all_of_the_video_is(
        self, name: str, bright: bool, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        make_pictures(clip(name), probe(clip(name), tools), job, tools)
        assert (measure(job / "poster.jpg")[2] > 50) is bright

    def test_storyboard_of_key_frames_is_the_same_if_there_is_one_every_second(
        self, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        boards = []
        for frames in (25, 250):
            source, folder = tmp_path / f"{frames}.mp4", job / str(frames)
            picture = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=6", "-c:v", "libx264")
            ffmpeg(*picture, "-g", str(frames), source)
            folder.mkdir()
            make_pictures(source, probe(source, tools), folder, tools)
            boards.append(read_greys(folder / STORYBOARD_IMAGE)[2])
        assert sum(abs(a - b) for a, b in zip(*boards, strict=True)) / len(boards[0]) < 4


SHORT = ("-f", "lavfi", "-i", "testsrc2=s=128x72:r=25:d=2")
SOUND = ("-f", "lavfi", "-i", "sine=d=7")
CODECS = ("-c:v", "libx264", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac")


class TestPartlySeen:
    @pytest.mark.parametrize("delay", [0, 4.5])
    def test_pictures_are_made_of_what_there_is(
        self, delay: float, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        source = tmp_path / "part.mkv"
        ffmpeg("-itsoffset", str(delay), *SHORT, *SOUND, *CODECS, source)
        make_pictures(source, probe(source, tools), job, tools)
        assert all((job / name).stat().st_size for name in (*POSTERS, STORYBOARD_IMAGE, PREVIEW))

    def test_pictures_are_made_of_a_stream_whose_timestamps_restart(
        self, ffmpeg: Ffmpeg, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        half, source = tmp_path / "half.ts", tmp_path / "whole.ts"
        ffmpeg(*SHORT, *CODECS[:6], half)
        source.write_bytes(half.read_bytes() * 2)
        storyboard = make_pictures(source, probe(source, tools), job, tools)
        assert storyboard.count == 4
        assert (job / PREVIEW).stat().st_size


class TestStoryboardWebvtt:
    def test_each_time_has_its_tile_to_the_end(self) -> None:
        text = storyboard_webvtt(Storyboard(1.5, 12, 160, 90), 18_400)
        cues = text.split("\n\n")[1:]
        assert cues[0] == "00:00:00.000 --> 00:00:01.500\nstoryboard.jpg\0#xywh=0,0,160,90"
        assert cues[10] == "00:00:15.000 --> 00:00:16.500\nstoryboard.jpg\0#xywh=0,90,160,90"
        assert cues[11].startswith("00:00:16.500 --> 00:00:18.400\n")
        assert len(cues) == 12


class TestCustomPoster:
    @pytest.fixture
    def image(self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path) -> Callable[..., Path]:
        """Return a function that makes an image of that name and size."""

        def make(name: str, size: str = "900x600") -> Path:
            file = tmp_path / name
            scale = f"scale={size.replace('x', ':')}"
            ffmpeg("-i", clip("plain.mp4"), "-vf", scale, "-frames:v", "1", file)
            return file

        return make

    @pytest.mark.parametrize("name", ["own.jpg", "own.png", "own.webp"])
    def test_image_becomes_a_poster_in_all_sizes(
        self, name: str, image: Callable[..., Path], job: Path, each_sandbox: Tools
    ) -> None:
        assert posters_from_image(image(name), job, each_sandbox) == (900, 600)
        expected = [(900, 600), (640, 426), (320, 214)]
        assert poster_sizes(job) == [size for size in expected for _ in ("jpg", "webp")]

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
    def test_file_that_is_no_image_is_rejected(
        self, data: bytes, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        file = tmp_path / "own"
        file.write_bytes(data)
        with pytest.raises(Invalid):
            posters_from_image(file, job, tools)

    def test_image_with_too_many_pixels_is_rejected_before_it_is_decoded(
        self, image: Callable[..., Path], job: Path, tools: Tools
    ) -> None:
        small = bytearray(image("own.png", "64x64").read_bytes())
        small[16:24] = (30_000).to_bytes(4, "big") * 2
        file = job.with_name("large.png")
        file.write_bytes(small)
        with pytest.raises(Invalid, match="megapixels"):
            posters_from_image(file, job, tools)

    @pytest.mark.parametrize(("seconds", "bright"), [(0.2, False), (1.5, True), (2.0, True)])
    def test_moment_of_the_video_becomes_a_poster(
        self, seconds: float, bright: bool, clip: MakeClip, job: Path, tools: Tools
    ) -> None:
        assert posters_from_video(clip("clap.mp4"), seconds, 2000, job, tools)
        assert (measure(job / "poster.jpg")[2] > 100) is bright
