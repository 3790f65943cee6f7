"""Write WebVTT that every player reads alike: from captions in SRT or WebVTT, and of chapters.

The result of a conversion is written from scratch: times, texts, and the tags and settings that
WebVTT defines. Styles, regions, comments and everything that looks like HTML are left out.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from dataclasses import dataclass

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Caption as Cue

from playout.kit.errors import Invalid, TooLarge

MAX_BYTES = 1024 * 1024
MAX_CUES = 20_000
MAX_END_MS = 24 * 3_600_000
_HEAD = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
"""HLS needs to know when the clock of the cues begins (RFC 8216, 3.5). Other players ignore it."""
_ARROW = "-->"
_VTT_TIME = r"(?:\d{2,3}:)?[0-5]\d:[0-5]\d\.\d{3}"
_SRT_TIME = r"\d{1,3}:[0-5]?\d:[0-5]?\d[,.]\d{3}"
_TIMINGS = {
    "vtt": re.compile(rf"\s*{_VTT_TIME}\s+-->\s+{_VTT_TIME}(?:\s.*)?", re.ASCII),
    "srt": re.compile(rf"\s*{_SRT_TIME}\s*-->\s*{_SRT_TIME}(?:\s.*)?", re.ASCII),
}
_EXAMPLES = {
    "vtt": "00:01:02.500 --> 00:01:04.000",
    "srt": "00:01:02,500 --> 00:01:04,000",
}
_SETTINGS = ("vertical", "line", "position", "size", "align")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TAG = re.compile(r"</?[A-Za-z0-9.][^<>]*>|\{\\[^{}]*\}")
"""Tags of WebVTT and of HTML, and the commands that subtitle editors put between braces."""
_ALLOWED_TAG = re.compile(r"</?(?:b|i|u|ruby|rt|v)>|<v [\w .,'’-]{1,80}>")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)")
_LINE_END = "\r\n|\r|\n"


@dataclass(frozen=True, slots=True)
class WebVttFile:
    """The text of a WebVTT file, and how many cues it has."""

    text: str
    cue_count: int


def to_webvtt(data: bytes, *, skips_timeless: bool = False) -> WebVttFile:
    """Convert SRT or WebVTT into WebVTT whose cues are in the order of time. Cues may overlap.

    `data` is UTF-8, or UTF-16 with a byte order mark. With `skips_timeless`, a cue that does not
    end after it begins is left out.

    Raise `Invalid`, with the line where the file breaks a rule, and `TooLarge`.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"Captions may have at most {MAX_BYTES:,} bytes.")
    lines = re.split(_LINE_END, _decode(data).strip("\ufeff \t\r\n"))
    syntax = "vtt" if re.match(r"WEBVTT(?:[ \t]|$)", lines[0]) else "srt"
    _check_timings(lines, syntax)
    found = _parse(lines, syntax)
    if skips_timeless:
        found = [cue for cue in found if _has_time(cue)]
    _check_times(found)
    cues = sorted(found, key=lambda cue: cue.start_time.in_milliseconds())
    blocks = [block for cue in cues if (block := _block(cue))]
    if not blocks:
        raise Invalid("There is no caption in this file.")
    return WebVttFile("\n".join([_HEAD, *blocks]), len(blocks))


def chapters_webvtt(chapters: Sequence[tuple[float, str]], seconds: float) -> str:
    """Return WebVTT with a cue for each chapter: its start, in seconds, and its title.

    The chapters are in order. One that would begin after the end, at `seconds`, is left out.
    """
    shown = [chapter for chapter in chapters if chapter[0] < seconds]
    ends = [*(start for start, _ in shown[1:]), seconds]
    blocks = ["WEBVTT\n"]
    for (start, title), end in zip(shown, ends, strict=False):
        text = _escape(" ".join(title.split()))
        blocks.append(f"{timestamp(start)} {_ARROW} {timestamp(end)}\n{text}\n")
    return "\n".join(blocks)


def timestamp(seconds: float) -> str:
    """Return a time as WebVTT writes it."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    try:
        text = data.removeprefix(BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("Captions must be text in UTF-8.") from error
    if "\0" in text:
        raise Invalid("Captions must be text in UTF-8: there are NUL characters in this file.")
    return text


def _check_timings(lines: list[str], syntax: str) -> None:
    """Raise `Invalid` for a line that the library would silently ignore."""
    timings = [(number, line) for number, line in enumerate(lines, 1) if _ARROW in line]
    if not timings:
        raise Invalid("This file is neither SRT nor WebVTT: no line says when a caption shows.")
    if len(timings) > MAX_CUES:
        raise Invalid(f"A file may hold at most {MAX_CUES:,} captions.")
    for number, line in timings:
        if not _TIMINGS[syntax].fullmatch(line):
            raise Invalid(f"Line {number} should say when a caption shows: {_EXAMPLES[syntax]}.")
        if syntax == "srt" and not (number > 1 and lines[number - 2].strip().isdecimal()):
            raise Invalid(f"Before line {number} there should be a line with the caption's number.")


def _parse(lines: list[str], syntax: str) -> list[Cue]:
    text = ["\n".join(lines)]
    try:
        cues: list[Cue] = WebVTT.from_buffer(text, format=syntax, strict=True).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise Invalid(f"This file is not well-formed: {str(error)[:200]}.") from error
    return cues


def _has_time(cue: Cue) -> bool:
    return bool(cue.start_time < cue.end_time) and cue.end_time.in_milliseconds() <= MAX_END_MS


def _check_times(cues: Sequence[Cue]) -> None:
    for cue in cues:
        if not _has_time(cue):
            raise Invalid(
                f"A caption shows from {cue.start} to {cue.end}: "
                "it should end after it begins, and within 24 hours."
            )


def _block(cue: Cue) -> str:
    """Return a cue as a block of WebVTT, or "" if it has no text."""
    # Empty lines are left out, because an empty line ends the block.
    lines = [text for line in cue.lines if (text := _clean(line).strip())]
    values = ((name, getattr(cue.settings, name)) for name in _SETTINGS)
    settings = "".join(f" {name}:{value}" for name, value in values if value)
    timings = f"{cue.start} {_ARROW} {cue.end}{settings}"
    return "\n".join([timings, *lines, ""]) if lines else ""


def _clean(line: str) -> str:
    """Return a line of text with its allowed tags. Any other "<", ">" or "&" becomes text."""
    line, clean, end = _CONTROL.sub("", line), "", 0
    for match in _TAG.finditer(line):
        tag = match.group()
        clean += _escape(line[end : match.start()]) + (tag if _ALLOWED_TAG.fullmatch(tag) else "")
        end = match.end()
    return clean + _escape(line[end:])


def _escape(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
