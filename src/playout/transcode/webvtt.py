"""Captions that somebody handed in, as WebVTT that every player reads alike.

What comes out is written anew: times, the text, and of what stands around it only what WebVTT
knows. Styles, regions, comments and everything that looks like HTML stay behind.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Caption as Cue

from playout.kit.errors import Invalid, TooLarge

MOST_BYTES = 1024 * 1024
MOST_CUES = 20_000
LATEST_MS = 24 * 3_600_000
_HEAD = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n"
"""HLS wants to be told where the cues' clock begins (RFC 8216, 3.5); others pass over the line."""
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
_PLACES = ("vertical", "line", "position", "size", "align")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TAG = re.compile(r"</?[A-Za-z0-9.][^<>]*>|\{\\[^{}]*\}")
"""Of WebVTT, of HTML, and what subtitle editors put between braces."""
_KEPT = re.compile(r"</?(?:b|i|u|ruby|rt|v)>|<v [\w .,'’-]{1,80}>")
_LOOSE = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)")
_ENDS = "\r\n|\r|\n"


@dataclass(frozen=True, slots=True)
class Cues:
    """A whole WebVTT file, and how many cues are in it."""

    text: str
    count: int


def read_cues(data: bytes) -> Cues:
    """SRT or WebVTT, in UTF-8 or in UTF-16 with its mark, as WebVTT in the order of time.

    Cues may overlap. Raises `Invalid` and names the line where the file breaks a rule, and
    `TooLarge`.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"Captions may have {MOST_BYTES:,} bytes at the most.")
    lines = re.split(_ENDS, _decoded(data).strip("\ufeff \t\r\n"))
    kind = "vtt" if re.match(r"WEBVTT(?:[ \t]|$)", lines[0]) else "srt"
    _check_timings(lines, kind)
    cues = sorted(_parsed(lines, kind), key=lambda cue: cue.start_time.in_milliseconds())
    blocks = [block for cue in cues if (block := _written(cue))]
    if not blocks:
        raise Invalid("There is no caption in this file.")
    return Cues("\n".join([_HEAD, *blocks]), len(blocks))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    try:
        text = data.removeprefix(BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("Captions must be text in UTF-8.") from error
    if "\0" in text:
        raise Invalid("Captions must be text in UTF-8: there are NUL characters in this file.")
    return text


def _check_timings(lines: list[str], kind: str) -> None:
    """The library passes over what it does not understand; a captioner wants to be told."""
    timings = [(number, line) for number, line in enumerate(lines, 1) if _ARROW in line]
    if not timings:
        raise Invalid("This file is neither SRT nor WebVTT: it says nowhere when a caption shows.")
    if len(timings) > MOST_CUES:
        raise Invalid(f"There may be {MOST_CUES:,} captions in a file at the most.")
    for number, line in timings:
        if not _TIMINGS[kind].fullmatch(line):
            raise Invalid(f"Line {number} should say when a caption shows: {_EXAMPLES[kind]}.")
        if kind == "srt" and not (number > 1 and lines[number - 2].strip().isdecimal()):
            raise Invalid(f"Above line {number} should stand the number of the caption.")


def _parsed(lines: list[str], kind: str) -> list[Cue]:
    text = ["\n".join(lines)]
    try:
        found = WebVTT.from_buffer(text, format=kind, strict=True).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise Invalid(f"This file is not well-formed: {str(error)[:200]}.") from error
    for cue in found:
        if not cue.start_time < cue.end_time or cue.end_time.in_milliseconds() > LATEST_MS:
            raise Invalid(f"A caption shows from {cue.start} to {cue.end}, which cannot be.")
    return found


def _written(cue: Cue) -> str:
    """A cue as a block of WebVTT; "" where nothing is said."""
    # An empty line would end the block.
    said = [text for line in cue.lines if (text := _plain(line).strip())]
    places = ((name, getattr(cue.settings, name)) for name in _PLACES)
    settings = "".join(f" {name}:{value}" for name, value in places if value)
    timings = f"{cue.start} {_ARROW} {cue.end}{settings}"
    return "\n".join([timings, *said, ""]) if said else ""


def _plain(line: str) -> str:
    """A line of text with the few tags that are kept; what is left of "<" and ">" is text."""
    line, out, end = _CONTROL.sub("", line), "", 0
    for match in _TAG.finditer(line):
        tag = match.group()
        out += _escaped(line[end : match.start()]) + (tag if _KEPT.fullmatch(tag) else "")
        end = match.end()
    return out + _escaped(line[end:])


def _escaped(text: str) -> str:
    return _LOOSE.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
