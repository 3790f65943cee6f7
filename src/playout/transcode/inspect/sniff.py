"""What a file is, by its first bytes, before any demuxer sees it.

Only a positive match goes on, and it names the one demuxer that will be used. Playlists, scripts
and documents, through which a demuxer could be led to other files, never reach one.
"""

from pathlib import Path
from typing import Literal

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.mp4_boxes import mp4_end, riff_end, segment_end

Container = Literal["mp4", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg", "asf", "mxf"]
"""Named as ffmpeg's demuxers are; QuickTime counts as mp4, WebM as matroska."""

SoundContainer = Literal["mp4", "matroska", "ogg", "mp3", "wav", "flac", "aac"]
"""The same, of files that are to be heard."""

HEAD_BYTES = 8192

_MP4_BOXES = {
    *(b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"),
    *(b"styp", b"moof", b"sidx", b"uuid"),
}
_PICTURE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_SOUND_BRANDS = {b"M4A ", b"M4B ", b"M4P "}
_STARTS: tuple[tuple[bytes, Container], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf"),
)
_SOUND_STARTS: tuple[tuple[bytes, SoundContainer], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    *((bytes((0xFF, mark)), "mp3") for mark in (0xFB, 0xFA, 0xF3, 0xF2)),
    *((bytes((0xFF, mark)), "aac") for mark in (0xF1, 0xF9)),
)
_STRANGERS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "an animated picture (GIF)"),
    (b"BM", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"ID3", "a sound file"),
    (b"\xff\xfb", "a sound file"),
    (b"\xff\xf1", "a sound file"),
    (b"fLaC", "a sound file"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"%PDF", "a PDF document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
# In lower case; looked for in the beginning of texts, the first match names the text.
_TEXTS = (
    (b"#extm3u", "a playlist, which only points at other files"),
    (b"<mpd", "a streaming manifest, which only points at other files"),
    (b"<smil", "a playlist, which only points at other files"),
    (b"ffconcat version", "a list of other files"),
    (b"<svg", "a drawing (SVG)"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"webvtt", "a subtitle file"),
    (b"<?xml", "an XML document"),
)
_TEXT_BYTES = frozenset({*range(32, 127), *range(128, 256), 9, 10, 12, 13, 27})


def recognise(source: Path) -> Container:
    """The container of the local file `source`.

    Raises `MediaRejected`, naming what it is instead, when it is not a video container.
    """
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise MediaRejected("This file is empty.")
    stranger = _stranger(head)
    if stranger:
        raise MediaRejected(f"This file is not a video that Playout can read: it is {stranger}.")
    container = _container(head)
    if container is None:
        raise MediaRejected("This file is not in a video format that Playout knows.")
    return container


def recognise_sound(source: Path) -> SoundContainer:
    """The container of the local file `source`, which is to be heard.

    Raises `MediaRejected` when it is none that holds sound.
    """
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    for start, container in _SOUND_STARTS:
        if head.startswith(start):
            return container
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] in _MP4_BOXES:
        return "mp4"
    raise MediaRejected("This file is not in a sound format that Playout knows.")


def is_cut_short(source: Path, container: Container) -> bool:
    """Whether the file ends before the end that it declares.

    Raises `MediaRejected` for an MP4 whose index is missing, without which nothing can be played.
    """
    size = source.stat().st_size
    with source.open("rb") as file:
        if container == "mp4":
            end, has_index = mp4_end(file, size)
            if not has_index:
                raise MediaRejected(
                    "This video is incomplete: its index is missing. "
                    "The recording or the upload was probably cut short."
                )
            return end > size
        if container == "avi":
            return riff_end(file) > size
        if container == "matroska":
            return segment_end(file) > size
    return False


def _container(head: bytes) -> Container | None:
    for start, container in _STARTS:
        if head.startswith(start):
            return container
    if head[4:8] in _MP4_BOXES:
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    return "mpegts" if _is_mpegts(head) else None


def _is_mpegts(head: bytes) -> bool:
    """A mark every 188 bytes, or every 192 (Blu-ray, AVCHD cameras); recorders start anywhere."""
    for length in (188, 192):
        for offset in range(length):
            marks = head[offset::length]
            if len(marks) >= 3 and marks.count(0x47) == len(marks):
                return True
    return False


def _stranger(head: bytes) -> str | None:
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "a picture"
    if head[4:8] == b"ftyp" and head[8:12] in _SOUND_BRANDS:
        return "a sound file"
    if head[:4] == b"RIFF" and head[8:12] in {b"WAVE", b"WEBP"}:
        return "a sound file" if head[8:12] == b"WAVE" else "a picture"
    for start, name in _STRANGERS:
        if head.startswith(start):
            return name
    return _text(head)


def _text(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a text file"
    if not _TEXT_BYTES.issuperset(head):
        return None
    beginning = head[:1024].lower().removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"v=0") and b"o=" in beginning:
        return "a description of a stream (SDP), not the stream itself"
    if beginning.startswith((b"file ", b"file\t", b"# ffconcat")):
        return "a list of other files"
    for mark, name in _TEXTS:
        if mark in beginning:
            return name
    return "a text file"
