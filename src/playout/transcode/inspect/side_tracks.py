"""Tracks of a source beside its picture and its sound, and its chapters."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from playout.kit.language_tags import canonical_tag, is_language_tag, tag_from_iso639
from playout.transcode.names import MORE_AUDIO, AudioPurpose

TITLE_LENGTH = 100
CHAPTER_TITLE_LENGTH = 255
MAX_CHAPTERS = 1_000
MAX_AUDIO_TRACKS = len(MORE_AUDIO) + 1
"""The most audio tracks of a video, the main one among them."""
TEXT_CODECS = {"subrip", "mov_text", "ass", "ssa", "webvtt", "text"}
"""The codecs of subtitles that are text, by ffmpeg's canonical names."""


@dataclass(frozen=True, slots=True)
class SideTrack:
    """A stream that is neither the picture nor the main sound."""

    index: int
    kind: str
    """ffmpeg's word: `video`, `audio`, `subtitle`, `attachment` or `data`."""
    codec: str | None
    """ffmpeg's canonical name; None if it knows no decoder."""
    is_decodable: bool = True
    language: str | None = None
    """A BCP 47 tag."""
    title: str | None = None
    channels: int = 0
    sample_rate: int = 0
    is_default: bool = False
    is_forced: bool = False
    is_commentary: bool = False
    is_for_blind: bool = False
    is_for_deaf: bool = False
    is_cover: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether these are subtitles that can become captions."""
        return self.kind == "subtitle" and self.codec in TEXT_CODECS

    @property
    def purpose(self) -> AudioPurpose | None:
        """Return the purpose of audio that is more than the same in another language."""
        if self.is_commentary:
            return AudioPurpose.COMMENTARY
        return AudioPurpose.DESCRIPTIONS if self.is_for_blind else None

    @property
    def is_sound(self) -> bool:
        """Return whether this is audio that can be played."""
        return self.kind == "audio" and self.is_decodable and self.sample_rate > 0


def side_tracks(facts: Sequence[dict[str, Any]]) -> tuple[SideTrack, ...]:
    """Return the tracks of which the probe found the facts, with clean texts."""
    tracks = (SideTrack(**each) for each in facts)
    return tuple(
        replace(each, language=_tag(each.language), title=track_title(each.title))
        for each in tracks
    )


def text_tracks(tracks: Sequence[SideTrack]) -> list[SideTrack]:
    """Return the subtitles that are text: of each language the whole dialogue first."""
    found = [each for each in tracks if each.is_text]
    return sorted(found, key=lambda each: (each.is_forced, each.is_commentary, each.is_for_deaf))


def more_audio(tracks: Sequence[SideTrack]) -> list[SideTrack]:
    """Return the audio tracks that are played beside the main one."""
    return [each for each in tracks if each.is_sound][: len(MORE_AUDIO)]


def cleaned_chapters(
    found: Sequence[tuple[float, str]], begins_at: float
) -> tuple[tuple[float, str], ...]:
    """Return chapters in the order of time, no two at once, each with a title.

    The picture or the sound that comes first is at `begins_at`, in seconds.
    """
    chapters: dict[float, str] = {}
    for start, title in sorted(found, key=lambda chapter: chapter[0])[:MAX_CHAPTERS]:
        text = clean_text(title, CHAPTER_TITLE_LENGTH) or str(len(chapters) + 1)
        chapters.setdefault(round(max(start - begins_at, 0.0), 3), text)
    return tuple(chapters.items())


def clean_text(text: str, length: int) -> str:
    """Return a text of a file, in one line of printable characters."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return unicodedata.normalize("NFC", " ".join(printable.split()))[:length].strip()


def track_title(text: str | None) -> str | None:
    """Return the name of a track as manifests can hold it; None if there is none."""
    title = clean_text(text or "", TITLE_LENGTH).replace('"', "'")
    return title or None


def _tag(text: str | None) -> str | None:
    code = (text or "").strip()
    if code.lower() in {"und", "mis", "mul", "zxx"} or len(code) > 35 or not is_language_tag(code):
        return None
    return tag_from_iso639(code.lower()) if len(code) == 3 else canonical_tag(code)
