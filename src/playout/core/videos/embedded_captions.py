"""Captions that the source of a video contains."""

from collections.abc import Sequence

from playout.core.ledger.model import differences
from playout.core.media import queries
from playout.core.media.captions import Caption, CaptionOrigin
from playout.core.unit import WriteUnit
from playout.core.videos import replaced
from playout.core.videos.model import Video
from playout.kit.ids import uuid7
from playout.kit.language_tags import canonical_tag, is_language_tag, native_name
from playout.transcode.encode.subtitles import EmbeddedCaptions

UNKNOWN_LANGUAGE = "und"


def embed(
    unit: WriteUnit, video: Video, found: Sequence[EmbeddedCaptions], *, at_once: bool
) -> None:
    """Give a locked video the captions that its new source contains.

    They replace those of the source before it. Captions that somebody uploaded stay. With
    `at_once`, the files of the replaced ones end now.
    """
    before = {each.language: each for each in queries.captions(unit.session, video.id)}
    uploaded = {each for each, old in before.items() if old.origin is CaptionOrigin.UPLOADED}
    after = {tag: each for tag, each in _tagged(video, found).items() if tag not in uploaded}
    changes: dict[str, list[object]] = {}
    for language in sorted((before.keys() - uploaded) | after.keys()):
        old, new = before.get(language), after.get(language)
        old_state = old.audit_state() if old else None
        if old is not None and not (new and old.text == new.cues.text):
            part = replaced.captions_part(language)
            replaced.replace(unit, video, part, {old.version}, at_once=at_once, text=old.text)
        new_state = _set(unit, video, language, old, new)
        if differences(old_state or {}, new_state or {}) or new is None:
            changes[f"captions.{language}"] = [old_state, new_state]
    if changes:
        video.caption_languages = sorted(uploaded | after.keys())
        unit.record("video.updated", video, changes)


def _set(
    unit: WriteUnit,
    video: Video,
    language: str,
    old: Caption | None,
    new: EmbeddedCaptions | None,
) -> dict[str, object] | None:
    """Add, change or delete captions, and return what the ledger says of them then."""
    if new is None:
        unit.session.delete(old)
        return None
    caption = old
    if caption is None:
        caption = Caption(video_id=video.id, language=language, is_default=False)
        caption.origin = CaptionOrigin.EMBEDDED
        unit.session.add(unit.stamp(caption))
    if old is None or caption.text != new.cues.text:
        caption.text, caption.version = new.cues.text, uuid7()
        caption.size, caption.cues = len(new.cues.text.encode()), new.cues.cue_count
        unit.touch(caption)
    caption.label = new.label or native_name(language)
    return caption.audit_state()


def _tagged(video: Video, found: Sequence[EmbeddedCaptions]) -> dict[str, EmbeddedCaptions]:
    """Return captions by their language. Further ones in a language get a tag with a number."""
    tagged: dict[str, EmbeddedCaptions] = {}
    for each in found:
        language = each.language or _own_language(video)
        tag, number = language, 1
        while tag in tagged:
            number += 1
            tag = f"{language}-x-{number}"
        tagged[tag] = each
    return tagged


def _own_language(video: Video) -> str:
    language = video.language or ""
    return canonical_tag(language) if is_language_tag(language) else UNKNOWN_LANGUAGE
