"""Recognise a file by its first bytes, before any demuxer reads it.

Only a file whose container is known goes on, and the container names the one demuxer that is used.
Playlists, scripts and documents, which could lead a demuxer to other files, never reach one.
"""

from pathlib import Path
from typing import Literal

from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.declared_end import avi_end, matroska_end, mp4_end

Container = Literal[
    "mp4", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg", "asf", "mxf", "dv", "gif"
]
"""A container of video, named as ffmpeg's demuxer. QuickTime is mp4, and WebM is matroska."""

AudioContainer = Literal["mp4", "matroska", "ogg", "mp3", "wav", "flac", "aac"]
"""A container of audio, named as ffmpeg's demuxer."""

HEAD_BYTES = 8192
_AS_MP4 = "Convert it to MP4, and upload that."
DAMAGED_HEAD_BYTES = 256 * 1024
"""The part of a file that is searched for a stream whose beginning is damaged."""
MANY_PACKETS = 20
"""In so many packets of a transport stream, a few may be damaged."""
INTACT_SHARE = 0.75
"""The least share of sync bytes that must be intact in a file of `MANY_PACKETS` or more."""
LEAST_PACKS = 3
_PACK_HEADER = b"\x00\x00\x01\xba"  # of a program stream

_MP4_BOXES = {
    *(b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"),
    *(b"styp", b"moof", b"sidx", b"uuid"),
}
_IMAGE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif"}
_SEQUENCE_BRANDS = {b"avis": "AVIF", b"msf1": "HEIF"}
_AUDIO_BRANDS = {b"M4A ", b"M4B ", b"M4P "}
_VIDEO_SIGNATURES: tuple[tuple[bytes, Container], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"FLV\x01", "flv"),
    (b"OggS", "ogg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", "mxf"),
    (b"\x1f\x07\x00", "dv"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_AUDIO_SIGNATURES: tuple[tuple[bytes, AudioContainer], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    *((bytes((0xFF, header)), "mp3") for header in (0xFB, 0xFA, 0xF3, 0xF2)),
    *((bytes((0xFF, header)), "aac") for header in (0xF1, 0xF9)),
)
_OTHER_SIGNATURES = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
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
# In lower case. A text that contains one near its beginning is of that type; the first match wins.
_TEXT_SIGNATURES = (
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


def sniff_container(source: Path) -> Container:
    """Return the container of the local file `source`.

    Raise `MediaRejected` if it is not a container of video. The message says what the file is
    instead.
    """
    head = _read_head(source)
    if not head:
        raise MediaRejected("This file is empty.")
    animated = _animated_type(head)
    if animated:
        raise MediaRejected(f"This file is an animated picture ({animated}). {_AS_MP4}")
    other = _other_type(head)
    if other:
        raise MediaRejected(f"This file is not a video that Playout can read: it is {other}.")
    container = _video_container(head) or _video_container(_read_head(source, DAMAGED_HEAD_BYTES))
    if container is None:
        raise MediaRejected(f"This file is not in a video format that Playout knows. {_AS_MP4}")
    return container


def sniff_audio_container(source: Path) -> AudioContainer:
    """Return the container of the local file `source`, of which only the audio is wanted.

    Raise `MediaRejected` if it is not a container of audio.
    """
    head = _read_head(source)
    for signature, container in _AUDIO_SIGNATURES:
        if head.startswith(signature):
            return container
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] in _MP4_BOXES:
        return "mp4"
    raise MediaRejected("This file is not in a sound format that Playout knows.")


def is_truncated(source: Path, container: Container) -> bool:
    """Return whether the file ends before the end that it declares.

    Raise `MediaRejected` for an MP4 without its index, since nothing of it can be played.
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
            return avi_end(file) > size
        if container == "matroska":
            return matroska_end(file) > size
    return False


def _read_head(source: Path, size: int = HEAD_BYTES) -> bytes:
    with source.open("rb") as file:
        return file.read(size)


def _video_container(head: bytes) -> Container | None:
    for signature, container in _VIDEO_SIGNATURES:
        if head.startswith(signature):
            return container
    if head[4:8] in _MP4_BOXES:
        return "mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if _is_mpegts(head):
        return "mpegts"
    return "mpeg" if head.count(_PACK_HEADER) >= LEAST_PACKS else None


def _is_mpegts(head: bytes) -> bool:
    """Return whether there is a sync byte every 188 bytes, or every 192 (Blu-ray, AVCHD cameras).

    A recorder may start in the middle of a packet, so the first one may stand anywhere. In a longer
    file, some of them may be damaged.
    """
    for packet_bytes in (188, 192):
        for offset in range(packet_bytes):
            sync_bytes = head[offset::packet_bytes]
            count = len(sync_bytes)
            least = count if count < MANY_PACKETS else count * INTACT_SHARE
            if count >= 3 and sync_bytes.count(0x47) >= least:
                return True
    return False


def _animated_type(head: bytes) -> str | None:
    """Return the format of a picture that moves, if it is one that Playout does not play."""
    if head[4:8] == b"ftyp":
        return _SEQUENCE_BRANDS.get(head[8:12])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP" and b"ANIM" in head[:64]:
        return "WebP"
    return "PNG" if head.startswith(b"\x89PNG") and b"acTL" in head[:256] else None


def _other_type(head: bytes) -> str | None:
    """Return what the file is if it is surely not a video."""
    if head[4:8] == b"ftyp" and head[8:12] in _IMAGE_BRANDS:
        return "a picture"
    if head[4:8] == b"ftyp" and head[8:12] in _AUDIO_BRANDS:
        return "a sound file"
    if head[:4] == b"RIFF" and head[8:12] in {b"WAVE", b"WEBP"}:
        return "a sound file" if head[8:12] == b"WAVE" else "a picture"
    for signature, name in _OTHER_SIGNATURES:
        if head.startswith(signature):
            return name
    return _text_type(head)


def _text_type(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a text file"
    if not _TEXT_BYTES.issuperset(head):
        return None
    beginning = head[:1024].lower().removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"v=0") and b"o=" in beginning:
        return "a description of a stream (SDP), not the stream itself"
    if beginning.startswith((b"file ", b"file\t", b"# ffconcat")):
        return "a list of other files"
    for signature, name in _TEXT_SIGNATURES:
        if signature in beginning:
            return name
    return "a text file"
