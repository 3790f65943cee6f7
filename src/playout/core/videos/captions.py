"""Use cases of captions: put, list, get and remove them, one text in each language."""

from dataclasses import dataclass
from typing import Any

from playout.core.ledger.model import differences
from playout.core.media import queries
from playout.core.media.captions import Caption, CaptionOrigin
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import access, replaced, service
from playout.core.videos.model import LANGUAGE_LENGTH, Video
from playout.kit.errors import Conflict, Invalid, NotFound
from playout.kit.ids import uuid7
from playout.kit.language_tags import canonical_tag, is_language_tag, native_name
from playout.transcode.webvtt import WebVttFile

LABEL_LENGTH = 100
MAX_LANGUAGES = 100


@dataclass(frozen=True, slots=True)
class CaptionInput:
    """Captions as a caller sends them.

    Without a label, they get the name of the language in that language. Without `is_default`, they
    stay as they are. With `replace_at_once`, the file of the text that they replace ends now.
    """

    language: str
    cues: WebVttFile
    label: str | None = None
    is_default: bool | None = None
    replace_at_once: bool = False


def of_video(unit: ReadUnit, video_id: int) -> tuple[Video, list[Caption]]:
    """Return a video and its captions, by language, or raise `NotFound`."""
    video = service.get(unit, video_id)
    return video, queries.captions(unit.session, video.id)


def get(unit: ReadUnit, video_id: int, language: str) -> tuple[Video, Caption]:
    """Return a video and its captions in one language, or raise `NotFound`."""
    video = service.get(unit, video_id)
    return video, _found(unit, video, language)


def check_may_put(unit: ReadUnit, video_id: int) -> None:
    """Raise `Forbidden` or `NotFound` unless the caller may change the captions of a video."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    access.check_may_change(unit, service.get(unit, video_id))


def put(unit: WriteUnit, video_id: int, sent: CaptionInput) -> tuple[Video, Caption]:
    """Add captions, or replace those in the same language. Sending the same changes nothing.

    Raise `NotFound`, and `Conflict` when the video has captions in too many languages.
    """
    video = service.get_for_update(unit, video_id)
    caption = queries.caption_in(unit.session, video.id, sent.language)
    before = caption.audit_state() if caption else None
    if caption is None:
        caption = _add(unit, video, sent)
    is_new_text = before is None or caption.text != sent.cues.text
    if before is not None and (is_new_text or sent.replace_at_once):
        _replace(unit, video, caption, at_once=sent.replace_at_once)
    if is_new_text:
        caption.text, caption.version = sent.cues.text, uuid7()
        caption.size, caption.cues = len(sent.cues.text.encode()), sent.cues.cue_count
    caption.label, caption.origin = sent.label or caption.label, CaptionOrigin.UPLOADED
    if sent.is_default is not None:
        _make_default(unit, video, caption, sent.is_default)
    if differences(before or {}, caption.audit_state()):
        unit.touch(caption)
        _record(unit, video, caption.language, before, caption.audit_state())
    unit.session.flush()
    return video, caption


def remove(unit: WriteUnit, video_id: int, language: str) -> None:
    """Remove captions, or raise `NotFound`. Players that ask for them later find none."""
    video = service.get_for_update(unit, video_id)
    caption = _found(unit, video, language)
    unit.session.delete(caption)
    replaced.end(unit, video, replaced.captions_part(language))
    video.caption_languages = [each for each in video.caption_languages if each != language]
    _record(unit, video, language, caption.audit_state(), None)


def tag_of(text: str) -> str:
    """Return the language tag in an address, with its usual capitals, or raise `NotFound`."""
    if len(text) > LANGUAGE_LENGTH or not is_language_tag(text):
        raise NotFound("A language is a BCP 47 tag, such as en or pt-BR.")
    return canonical_tag(text)


def label_of(text: str | None) -> str | None:
    """Return a label as players can list it, or None. Raise `Invalid` for a wrong one."""
    label = (text or "").strip().replace('"', "'")
    if len(label) > LABEL_LENGTH or not label.isprintable():
        reason = f"A label has {LABEL_LENGTH} characters at the most, all of which can be printed."
        raise Invalid(reason, {"label": reason})
    return label or None


def _add(unit: WriteUnit, video: Video, sent: CaptionInput) -> Caption:
    if len(video.caption_languages) >= MAX_LANGUAGES:
        raise Conflict(f"A video may have captions in {MAX_LANGUAGES} languages at the most.")
    caption = Caption(
        video_id=video.id,
        language=sent.language,
        label=native_name(sent.language),
        is_default=False,
    )
    unit.session.add(unit.stamp(caption))
    video.caption_languages = sorted([*video.caption_languages, sent.language])
    return caption


def _replace(unit: WriteUnit, video: Video, caption: Caption, *, at_once: bool) -> None:
    part = replaced.captions_part(caption.language)
    replaced.replace(unit, video, part, {caption.version}, at_once=at_once, text=caption.text)


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


def _record(
    unit: WriteUnit,
    video: Video,
    language: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    unit.record("video.updated", video, {f"captions.{language}": [before, after]})
