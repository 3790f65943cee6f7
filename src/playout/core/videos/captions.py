"""Captions of a video: hand in, look at, remove; one text in each language."""

from dataclasses import dataclass

from playout.core.ledger.model import differences
from playout.core.media import queries
from playout.core.media.model import Caption
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service
from playout.core.videos.model import FEED, LANGUAGE_LENGTH, Video
from playout.kit.errors import Conflict, Invalid, NotFound
from playout.kit.ids import uuid7
from playout.kit.language_tags import canonical_tag, is_language_tag, native_name
from playout.transcode.webvtt import WebVttFile

LABEL_LENGTH = 100
MOST_LANGUAGES = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is handed in. No label: what the language calls itself. No default: as it was."""

    language: str
    cues: WebVttFile
    label: str | None = None
    is_default: bool | None = None


def of_video(unit: ReadUnit, video_id: int) -> tuple[Video, list[Caption]]:
    """A video and its captions, by language. Raises `NotFound`."""
    video = service.get(unit, video_id)
    return video, queries.captions(unit.session, video.id)


def get(unit: ReadUnit, video_id: int, language: str) -> tuple[Video, Caption]:
    """A video and its captions in one language. Raises `NotFound`."""
    video = service.get(unit, video_id)
    return video, _found(unit, video, language)


def put(unit: WriteUnit, video_id: int, wanted: Wanted) -> tuple[Video, Caption]:
    """Hand captions in, in place of those in the same language.

    The same twice changes nothing. Raises `NotFound`, and `Conflict` beyond a hundred languages.
    """
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = service.locked(unit, video_id)
    caption = queries.caption_in(unit.session, video.id, wanted.language)
    before = caption.state() if caption else {}
    if caption is None:
        caption = _entered(unit, video, wanted)
    if not before or caption.text != wanted.cues.text:
        caption.text, caption.version = wanted.cues.text, uuid7()
        caption.size, caption.cues = len(wanted.cues.text.encode()), wanted.cues.cue_count
    caption.label = wanted.label or caption.label
    if wanted.is_default is not None:
        _make_default(unit, video, caption, wanted.is_default)
    changes = differences(before, caption.state())
    if changes:
        caption.updated_at = unit.now
        _changed(unit, video, caption.language, before or None, caption.state())
    unit.session.flush()
    return video, caption


def remove(unit: WriteUnit, video_id: int, language: str) -> None:
    """Remove captions; what plays them is told that there are none. Raises `NotFound`."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = service.locked(unit, video_id)
    caption = _found(unit, video, language)
    unit.session.delete(caption)
    video.caption_languages = [each for each in video.caption_languages if each != language]
    _changed(unit, video, language, caption.state(), None)


def tag_of(text: str) -> str:
    """A language as it stands in an address, in the letters that are usual.

    Raises `NotFound` for one that is none.
    """
    if len(text) > LANGUAGE_LENGTH or not is_language_tag(text):
        raise NotFound("A language is a BCP 47 tag, such as en or pt-BR.")
    return canonical_tag(text)


def label_of(text: str | None) -> str | None:
    """A label as players may list it; None for none. Raises `Invalid`."""
    label = (text or "").strip().replace('"', "'")
    if len(label) > LABEL_LENGTH or not label.isprintable():
        reason = f"A label has {LABEL_LENGTH} characters at the most, all of which can be printed."
        raise Invalid(reason, {"label": reason})
    return label or None


def _entered(unit: WriteUnit, video: Video, wanted: Wanted) -> Caption:
    if len(video.caption_languages) >= MOST_LANGUAGES:
        raise Conflict(f"A video may have captions in {MOST_LANGUAGES} languages at the most.")
    caption = Caption(
        video_id=video.id,
        language=wanted.language,
        label=native_name(wanted.language),
        is_default=False,
        created_at=unit.now,
    )
    unit.session.add(caption)
    video.caption_languages = sorted([*video.caption_languages, wanted.language])
    return caption


def _make_default(unit: WriteUnit, video: Video, caption: Caption, is_default: bool) -> None:
    caption.is_default = is_default
    with unit.session.no_autoflush:
        for other in queries.captions(unit.session, video.id) if is_default else ():
            other.is_default = other is caption


def _found(unit: ReadUnit, video: Video, language: str) -> Caption:
    caption = queries.caption_in(unit.session, video.id, language)
    if caption is None:
        raise NotFound("There are no captions in that language.")
    return caption


def _changed(unit: WriteUnit, video: Video, language: str, before: object, after: object) -> None:
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(FEED, video.cache_key)
    unit.record("video.updated", video.subject, {f"captions.{language}": [before, after]})
