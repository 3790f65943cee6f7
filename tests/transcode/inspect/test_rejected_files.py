"""Files that are not videos, or that lie about themselves, are rejected with a reason."""

import shutil
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.tools import Tools
from tests.transcode.helpers.clips import Ffmpeg, MakeClip
from tests.transcode.helpers.hostile_files import matroska_claiming, quicktime_with_media_in

pytestmark = pytest.mark.slow


def zip_archive() -> bytes:
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
    ("zip", zip_archive(), "a zip archive"),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
    ("png", b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture"),
    ("heic", b"\x00\x00\x00\x18ftypheic" + bytes(64), "a picture"),
    ("avif", b"\x00\x00\x00\x18ftypavis" + bytes(64), "animated picture .AVIF.. Convert it"),
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
    """Return a socket that nobody should connect to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


class TestRejectFile:
    @pytest.mark.parametrize(
        ("content", "reason"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS]
    )
    def test_message_says_what_the_file_is(
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
            ("exotic.avi", "zmbv.*Export it as H.264"),
            ("still.gif", "it is a picture"),
            ("animated.webp", "animated picture .WebP.. Convert it to MP4"),
            ("animated.png", "animated picture .PNG.. Convert it to MP4"),
        ],
    )
    def test_message_says_what_is_wrong_with_a_media_file(
        self, name: str, reason: str, clip: MakeClip, tools: Tools
    ) -> None:
        with pytest.raises(MediaRejected, match=reason):
            probe(clip(name), tools)

    def test_playlist_makes_no_connection(
        self, listener: socket.socket, tmp_path: Path, each_sandbox: Tools
    ) -> None:
        port = listener.getsockname()[1]
        playlist = tmp_path / "video.mp4"
        playlist.write_text(f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n")
        with pytest.raises(MediaRejected):
            probe(playlist, each_sandbox)
        with pytest.raises(TimeoutError):
            listener.accept()

    def test_file_longer_than_allowed_is_rejected(self, clip: MakeClip, tools: Tools) -> None:
        short = replace(tools, limits=replace(tools.limits, duration_seconds=1))
        with pytest.raises(MediaRejected, match="longer than"):
            probe(clip("plain.mp4"), short)

    def test_more_packets_than_allowed_are_rejected(self, clip: MakeClip, tools: Tools) -> None:
        few = replace(tools, limits=replace(tools.limits, packets=40))
        with pytest.raises(MediaRejected, match="more packets than"):
            probe(clip("silent.mp4"), few)

    def test_file_that_makes_ffmpeg_crash_midway_is_damaged(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        crashing = tmp_path / "ffmpeg"
        packet = "0, 0, 0, 1, 100, 0x00000000"
        crashing.write_text(f"#!/bin/sh\necho '#tb 0: 1/25'\necho '{packet}'\nkill -SEGV $$\n")
        crashing.chmod(0o755)
        with pytest.raises(MediaRejected, match="damaged or incomplete"):
            probe(clip("silent.mp4"), replace(tools, ffmpeg=crashing))

    def test_picture_that_claims_an_absurd_size_is_rejected(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        liar = tmp_path / "liar.mkv"
        content = clip("odd.mkv").read_bytes()
        # PixelWidth (0xB0) and PixelHeight (0xBA) of Matroska, as large as two bytes allow.
        content = content.replace(b"\xb0\x82\x01\x41", b"\xb0\x82\xff\xff")
        liar.write_bytes(content.replace(b"\xba\x81\xb5", b"\xba\x81\xff"))
        tight = replace(tools, limits=replace(tools.limits, pixels=10_000_000))
        with pytest.raises(MediaRejected, match="65535 × 255"):
            probe(liar, tight)

    def test_size_beyond_all_arithmetic_is_rejected(
        self, clip: MakeClip, tmp_path: Path, tools: Tools
    ) -> None:
        liar = tmp_path / "liar.mkv"
        liar.write_bytes(matroska_claiming(100_000, 100_000))
        with pytest.raises(MediaRejected):
            probe(liar, tools)

    def test_ten_thousand_tracks_are_rejected(self, tmp_path: Path, tools: Tools) -> None:
        liar = tmp_path / "liar.mkv"
        liar.write_bytes(matroska_claiming(320, 180, tracks=10_000))
        with pytest.raises(MediaRejected, match="more than 64 tracks"):
            probe(liar, tools)


class TestReferToOtherFiles:
    def test_movie_with_its_pictures_in_another_file_reads_nothing_there(
        self, clip: MakeClip, ffmpeg: Ffmpeg, tmp_path: Path, each_sandbox: Tools
    ) -> None:
        secret, outer = tmp_path / "secret.mov", tmp_path / "outer.mov"
        shutil.copy(clip("silent.mp4"), secret)
        outer.write_bytes(quicktime_with_media_in("secret.mov", secret.read_bytes()))
        # The danger is real: ffmpeg reads the other file if it is told to trust references.
        ffmpeg("-enable_drefs", "1", "-i", outer, "-frames:v", "1", tmp_path / "stolen.png")
        assert (tmp_path / "stolen.png").exists()
        with pytest.raises(MediaRejected):
            probe(outer, each_sandbox)
