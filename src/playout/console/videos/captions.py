"""The captions of a video: one text in each language."""

from playout.console.fields import needed_text
from playout.console.videos import video as videos
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.videos import captions
from playout.core.videos.captions import CaptionInput
from playout.core.videos.model import LANGUAGE_LENGTH
from playout.kit.errors import Invalid, NotFound, PlayoutError
from playout.kit.ids import parse_id
from playout.transcode.webvtt import MAX_BYTES, to_webvtt

FILE_BYTES = MAX_BYTES + 64 * 1024
"""The most bytes of the form: a text, and what is around it."""


def add(visit: Visit) -> Outcome:
    """Add the captions of a file, or replace those in the same language."""
    try:
        tag = _tag(needed_text(visit.form, "caption_language", LANGUAGE_LENGTH))
        with visit.read() as unit:
            captions.check_may_put(unit, visit.number("video"))
        if not visit.file:
            raise Invalid("Choose a file with captions first: SRT or WebVTT.")
        _put(visit, tag, visit.file)
    except PlayoutError as error:
        return videos.show(visit, Problem.of(error))
    return videos.back(visit, Note.CAPTIONS_STORED)


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the text in one language, to be corrected."""
    with visit.read() as unit:
        captions.check_may_put(unit, visit.number("video"))
        video, caption = captions.get(
            unit, visit.number("video"), captions.tag_of(visit.path["language"])
        )
        values = {
            "id": video.id,
            "base_url": visit.runtime.settings.base_url,
            "title": video.title,
            "etag": video.etag,
            "caption": caption,
            "text": visit.form["text"] if problem and "text" in visit.form else caption.text,
            "sent": visit.form,
            "problem": problem,
        }
    return Shown("captions.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Change the text in one language, its name, and whether players show it from the start."""
    try:
        text = visit.form.get("text", "").replace("\r\n", "\n")
        _put(visit, captions.tag_of(visit.path["language"]), text.encode())
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit, Note.CAPTIONS_STORED)


def remove(visit: Visit) -> Outcome:
    """Remove the captions in one language."""
    with visit.write() as unit:
        captions.remove(unit, visit.number("video"), captions.tag_of(visit.path["language"]))
    return _back(visit, Note.CAPTIONS_REMOVED)


def _put(visit: Visit, tag: str, text: bytes) -> None:
    form = visit.form
    sent = CaptionInput(
        tag, to_webvtt(text), captions.label_of(form.get("label")), form.get("default") == "on"
    )
    with visit.write() as unit:
        captions.put(unit, visit.number("video"), sent)


def _tag(text: str) -> str:
    try:
        return captions.tag_of(text)
    except NotFound as error:
        raise Invalid(error.message, {"caption_language": error.message}) from None


def _back(visit: Visit, note: Note) -> GoTo:
    return GoTo(f"/videos/{parse_id(visit.path['video'])}", note)
