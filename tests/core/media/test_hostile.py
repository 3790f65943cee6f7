"""Files that are not videos, or pretend to be other ones: each is refused, and says why."""

import shutil
import socket
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from media_tracks import make

from playout.transcode.encode.encode import Wanted, encode
from playout.transcode.encode.ladder import ladder
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools

Clip = Callable[[str], Path]


def zipped() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("movie.mp4", b"nothing")
    return buffer.getvalue()


CONTENTS: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty"),
    ("text", b"Dear viewer,\nthis is a letter.\n", "a text file"),
    ("one letter", b"x", "a text file"),
    ("utf-16", "Hällo".encode("utf-16"), "a text file"),
    ("playlist", b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", "a playlist"),
    ("playlist after a mark", b"\xef\xbb\xbf\n#EXTM3U\n", "a playlist"),
    ("concat", b"ffconcat version 1.0\nfile /etc/passwd\n", "a list of other files"),
    ("bare concat", b"file '/etc/passwd'\n", "a list of other files"),
    ("sdp", b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 9 RTP/AVP 96\r\n", "SDP"),
    ("svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "a drawing"),
    ("html", b"<!DOCTYPE html><title>video.mp4</title>", "a web page"),
    ("dash", b'<?xml version="1.0"?><MPD mediaPresentationDuration="PT1S"/>', "manifest"),
    ("subtitles", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n", "a subtitle file"),
    ("zip", zipped(), "a zip archive"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
    ("png", b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture"),
    ("heic", b"\x00\x00\x00\x18ftypheic" + bytes(64), "a picture"),
    ("program", b"\x7fELF" + bytes(64), "a program"),
    ("random", Random(1).randbytes(100_000), "not in a video format"),
    ("zeros", bytes(10_000), "not in a video format"),
    ("mp4 head only", b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomiso2", "index is missing"),
    ("mp4 of noise", b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\x00\x01\x00\x00moov"
     + Random(2).randbytes(65528), "neither picture nor sound"),
    ("matroska of noise", b"\x1a\x45\xdf\xa3" + Random(3).randbytes(50_000), "damaged"),
    ("transport stream of noise", b"".join(
        b"\x47" + Random(i).randbytes(187) for i in range(200)), "damaged"),
]  # fmt: skip


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


class TestRefusal:
    @pytest.mark.parametrize(
        ("content", "reason"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS]
    )
    def test_says_what_the_file_is(
        self, content: bytes, reason: str, tmp_path: Path, tools: Tools
    ) -> None:
        upload = tmp_path / "video.mp4"
        upload.write_bytes(content)
        with pytest.raises(MediaRejected, match=reason) as caught:
            probe(upload, tools)
        assert caught.value.message.endswith(".")
        assert str(tmp_path) not in caught.value.message

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("sound.m4a", "a sound file"),
            ("sound.mp4", "sound but no moving picture"),
            ("sound.wav", "a sound file"),
            ("sound.mp3", "a sound file"),
            ("many.mkv", "more than 64 tracks"),
            ("huge.mkv", "9000 × 9000"),
            ("exotic.avi", "zmbv"),
        ],
    )
    def test_says_what_is_wrong_with_a_real_file(
        self, name: str, reason: str, clip: Clip, tools: Tools
    ) -> None:
        with pytest.raises(MediaRejected, match=reason):
            probe(clip(name), tools)

    def test_a_playlist_connects_nowhere(
        self, listener: socket.socket, tmp_path: Path, each_sandbox: Tools
    ) -> None:
        port = listener.getsockname()[1]
        playlist = tmp_path / "video.mp4"
        playlist.write_text(f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n")
        with pytest.raises(MediaRejected):
            probe(playlist, each_sandbox)
        with pytest.raises(TimeoutError):
            listener.accept()

    def test_a_file_longer_than_allowed_is_refused(self, clip: Clip, tools: Tools) -> None:
        short = replace(tools, limits=replace(tools.limits, duration_seconds=1))
        with pytest.raises(MediaRejected, match="longer than"):
            probe(clip("plain.mp4"), short)

    def test_a_picture_that_claims_absurd_sizes_is_refused(
        self, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        liar = tmp_path / "liar.mkv"
        content = clip("odd.mkv").read_bytes()
        # Matroska: PixelWidth (0xB0) and PixelHeight (0xBA), two bytes each, made as large as fits.
        content = content.replace(b"\xb0\x82\x01\x41", b"\xb0\x82\xff\xff")
        liar.write_bytes(content.replace(b"\xba\x81\xb5", b"\xba\x81\xff"))
        tight = replace(tools, limits=replace(tools.limits, pixels=10_000_000))
        with pytest.raises(MediaRejected, match="65535 × 255"):
            probe(liar, tight)

    def test_a_size_beyond_all_arithmetic_is_refused(
        self, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        liar = tmp_path / "liar.mkv"
        liar.write_bytes(matroska_claiming(100_000, 100_000))
        with pytest.raises(MediaRejected):
            probe(liar, tools)

    def test_ten_thousand_tracks_are_refused(self, tmp_path: Path, tools: Tools) -> None:
        liar = tmp_path / "liar.mkv"
        liar.write_bytes(matroska_claiming(320, 180, tracks=10_000))
        with pytest.raises(MediaRejected, match="more than 64 tracks"):
            probe(liar, tools)


class TestBrokenFiles:
    def test_an_mp4_cut_before_its_index_says_so(
        self, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        cut = cut_to(clip("late-index.mp4"), 0.6, tmp_path)
        with pytest.raises(MediaRejected, match="incomplete: its index is missing"):
            probe(cut, tools)

    @pytest.mark.parametrize("name", ["early-index.mp4", "plain.mkv", "mpeg4.avi"])
    def test_a_video_cut_in_its_pictures_is_used_as_far_as_it_goes(
        self, name: str, clip: Clip, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        found = probe(cut_to(clip(name), 0.6, tmp_path), tools)
        assert found.is_cut_short
        made = make(tmp_path / name, job, tools).mp4
        assert 500 < made.duration_ms < 1900

    def test_a_video_cut_before_its_first_picture_is_refused(
        self, clip: Clip, tmp_path: Path, tools: Tools
    ) -> None:
        whole = clip("early-index.mp4").read_bytes()
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(whole[: whole.index(b"mdat") + 8])
        with pytest.raises(MediaRejected, match="Not one picture"):
            probe(cut, tools)

    def test_damage_in_the_middle_does_not_spoil_the_rest(
        self, clip: Clip, tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        content = bytearray(clip("early-index.mp4").read_bytes())
        middle = len(content) * 2 // 3
        content[middle : middle + 2000] = Random(4).randbytes(2000)
        damaged = tmp_path / "damaged.mp4"
        damaged.write_bytes(content)
        wanted = Wanted(ladder(probe(damaged, tools).video), audio=True)
        made = encode(damaged, probe(damaged, tools), wanted, job, tools)
        assert made.tracks[0].fragments.seconds == pytest.approx(2, abs=0.5)

    def test_a_huge_attachment_is_left_behind(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        attachment, loaded = tmp_path / "font.bin", tmp_path / "loaded.mkv"
        with attachment.open("wb") as file:
            file.truncate(100_000_000)
        line = ["-c", "copy", "-attach", attachment, "-metadata:s:t", "mimetype=font/ttf"]
        ffmpeg("-i", clip("plain.mp4"), *line, loaded)
        attachment.unlink()
        make(loaded, job, tools)
        assert all(file.stat().st_size < 1_000_000 for file in job.iterdir())

    def test_endless_subtitles_are_left_behind(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        script, loaded = tmp_path / "cues.srt", tmp_path / "loaded.mkv"
        cue = "{}\n00:00:{:02},{:03} --> 00:01:00,000\n{}\n\n"
        cues = (cue.format(n + 1, *divmod(n, 1000), f"word {n} " * 20) for n in range(50_000))
        script.write_text("".join(cues))
        ffmpeg("-i", clip("plain.mp4"), "-i", script, "-c", "copy", "-c:s", "srt", loaded)
        assert loaded.stat().st_size > 5_000_000
        made = make(loaded, job, tools).mp4
        assert made.duration_ms == pytest.approx(2000, abs=100)
        assert all(file.stat().st_size < 1_000_000 for file in job.iterdir())

    def test_a_sound_that_goes_on_after_the_picture_is_no_damage(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        longer = tmp_path / "longer.mp4"
        sound = ["-f", "lavfi", "-i", "sine=d=6"]
        ffmpeg("-i", clip("silent.mp4"), *sound, "-c:v", "copy", "-c:a", "aac", longer)
        assert make(longer, job, tools).mp4.duration_ms == pytest.approx(6000, abs=100)

    def test_pictures_from_before_the_beginning_take_nothing_from_the_rest(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, job: Path, tools: Tools
    ) -> None:
        early = tmp_path / "early.mkv"
        shift = ["-bsf", "setts=ts=TS-700", "-avoid_negative_ts", "disabled"]
        ffmpeg("-i", clip("early-index.mp4"), "-c", "copy", *shift, early)
        made = make(early, job, tools).mp4
        assert 1200 < made.duration_ms <= 2100


class TestReferencesToOtherFiles:
    def test_a_movie_that_keeps_its_pictures_elsewhere_reads_nothing_there(
        self, clip: Clip, ffmpeg: Callable[..., None], tmp_path: Path, each_sandbox: Tools
    ) -> None:
        secret, outer = tmp_path / "secret.mov", tmp_path / "outer.mov"
        shutil.copy(clip("silent.mp4"), secret)
        outer.write_bytes(with_pictures_in("secret.mov", secret.read_bytes()))
        # The trap is a real one: ffmpeg goes there when it is told to trust references.
        ffmpeg("-enable_drefs", "1", "-i", outer, "-frames:v", "1", tmp_path / "stolen.png")
        assert (tmp_path / "stolen.png").exists()
        with pytest.raises(MediaRejected):
            probe(outer, each_sandbox)


def cut_to(whole: Path, share: float, folder: Path) -> Path:
    content = whole.read_bytes()
    cut = folder / whole.name
    cut.write_bytes(content[: int(len(content) * share)])
    return cut


def element(name: str, content: bytes) -> bytes:
    """One Matroska element, with its length in eight bytes."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def matroska_claiming(width: int, height: int, tracks: int = 1) -> bytes:
    """An MJPEG file without pictures."""
    size = element("b0", width.to_bytes(4, "big")) + element("ba", height.to_bytes(4, "big"))
    entries = b""
    for number in range(1, tracks + 1):
        name = number.to_bytes(2, "big")
        track = element("d7", name) + element("73c5", name) + element("83", b"\x01")
        track += element("86", b"V_MJPEG") + element("e0", size)
        entries += element("ae", track)
    cluster = element("e7", b"\x00") + element("a3", b"\x81\x00\x00\x80\xff\xd8\xff\xd9")
    body = element("1654ae6b", entries) + element("1f43b675", cluster)
    return element("1a45dfa3", element("4282", b"matroska")) + element("18538067", body)


NESTED = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}


def with_pictures_in(name: str, movie: bytes) -> bytes:
    """The index of `movie` alone, saying that the pictures are in the file `name` beside it."""
    start = movie[: movie.index(b"mdat") - 4]
    index = movie[movie.index(b"moov") - 4 :]
    return start + struct.pack(">I4s", 8, b"mdat") + redirected(index, alias(name))


def redirected(boxes: bytes, entry: bytes) -> bytes:
    """The same boxes, every table of data references (`dref`) holding `entry` instead."""
    result = b""
    while boxes:
        length, kind = struct.unpack(">I4s", boxes[:8])
        content, boxes = boxes[8:length], boxes[length:]
        if kind in NESTED:
            content = redirected(content, entry)
        elif kind == b"dref":
            content = struct.pack(">II", 0, 1) + entry
        result += struct.pack(">I4s", len(content) + 8, kind) + content
    return result


def alias(name: str) -> bytes:
    """A classic Macintosh alias record: "one folder up, then down to `name`"."""
    path = f"/volume/{name}".encode()
    path += bytes(len(path) % 2)
    record = bytes(10) + b"\x06volume".ljust(28, b"\0") + bytes(12)
    record += bytes([len(name)]) + name.encode().ljust(63, b"\0") + bytes(16)
    record += struct.pack(">HH", 1, 1) + bytes(16)
    record += struct.pack(">HH", 2, len(path)) + path + struct.pack(">HH", 0xFFFF, 0)
    return struct.pack(">I4sI", len(record) + 12, b"alis", 0) + record
