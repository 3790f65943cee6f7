"""A source with everything that a disc or a broadcaster puts into one file."""

import struct
from pathlib import Path

from tests.helpers.live_clips import AAC, H264, ffmpeg

SRT = "1\n00:00:00,500 --> 00:00:01,000\n<b>Hello</b> <script>x</script>\n\n"
GERMAN = "1\n00:00:00,500 --> 00:00:01,000\nHallo\n\n"
CHAPTERS = (
    ";FFMETADATA1\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Start\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2500\ntitle=Der Gipfel\n"
)
PGS = b"".join(
    b"PG" + struct.pack(">IIBH", 90_000 * seconds, 0, kind, len(data)) + data
    for seconds, kind, data in ((1, 0x16, bytes(11)), (1, 0x80, b""), (2, 0x80, b""))
)
"""A stream of PGS, without a picture."""
TONES = (440, 660, 880)
"""Hertz of the main audio, of the German one and of the commentary."""
SECONDS = 2.5


def rich_matroska(target: Path) -> Path:
    """Three audio tracks, subtitles as text and as pictures, chapters, and an attachment."""
    folder = target.parent
    texts = {"en.srt": SRT, "de.srt": GERMAN, "chapters.txt": CHAPTERS, "note.txt": "A font"}
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / "pictures.sup").write_bytes(PGS)
    ffmpeg(*_picture(), *_tones(), *_texts(folder), *_maps(folder), *_names(), target)
    return target


def rich_mp4(target: Path) -> Path:
    """The same without what MP4 cannot hold, with timed text."""
    whole = rich_matroska(target.with_suffix(".mkv"))
    maps = ("-map", "0:v", "-map", "0:a", "-map", "0:s:0", "-map", "0:s:1")
    ffmpeg("-i", whole, *maps, "-c", "copy", "-c:s", "mov_text", target)
    return target


def _picture() -> list[str]:
    return ["-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={SECONDS}"]


def _tones() -> list[str]:
    tones = (("-f", "lavfi", "-i", f"sine=f={each}:r=48000:d={SECONDS}") for each in TONES)
    return [option for tone in tones for option in tone]


def _texts(folder: Path) -> list[str]:
    names = ("en.srt", "de.srt", "de.srt", "pictures.sup", "chapters.txt")
    inputs = (("-i", str(folder / name)) for name in names)
    return [option for each in inputs for option in each]


def _maps(folder: Path) -> list[str]:
    tracks = ("0:v", "1:a", "2:a", "3:a", "4:s", "5:s", "6:s", "7:s")
    maps = [option for track in tracks for option in ("-map", track)]
    attachment = ["-attach", str(folder / "note.txt"), "-metadata:s:t", "mimetype=text/plain"]
    texts = ["-c:s:0", "srt", "-c:s:1", "ass", "-c:s:2", "ass", "-c:s:3", "copy"]
    codecs = [*H264, "-g", "25", *AAC, *texts]
    return [*maps, "-map_chapters", "8", *codecs, *attachment]


def _names() -> list[str]:
    named = {
        "a:0": {"language": "eng"},
        "a:1": {"language": "ger", "title": "Deutsche Fassung"},
        "a:2": {"language": "eng", "title": "The director speaks"},
        "s:0": {"language": "eng", "title": "English"},
        "s:1": {"language": "ger"},
        "s:2": {"language": "ger", "title": "Deutsch (Schilder)"},
        "s:3": {"language": "fre"},
    }
    options = [
        option
        for track, names in named.items()
        for name, value in names.items()
        for option in (f"-metadata:s:{track}", f"{name}={value}")
    ]
    dispositions = {"a:0": "default", "a:1": "0", "a:2": "comment", "s:0": "0", "s:2": "forced"}
    flags = [
        option
        for track, value in dispositions.items()
        for option in (f"-disposition:{track}", value)
    ]
    return [*options, *flags]
