"""The sections of a video: its parts, each with a script and files, which can be joined."""

from collections.abc import Callable
from typing import Any

from playout.console.fields import optional_text, text, web_address
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.permissions import Permission
from playout.core.processing import assembly
from playout.core.unit import WriteUnit
from playout.core.videos import sections, service
from playout.core.videos.model import LONG_TEXT_LENGTH, TITLE_LENGTH
from playout.core.videos.section_model import Section
from playout.core.videos.sections import SectionFields
from playout.kit.errors import Invalid, NotFound, PlayoutError

SCRIPT_LENGTH = 60_000


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the sections of a video, each as a form."""
    with visit.read() as unit:
        video = service.get(unit, visit.number("video"))
        found = sections.of_videos(unit, [video.id])[video.id]
        values = {
            "video": video,
            "rows": [_row(each) for each in found],
            "next": max((each.order for each in found), default=0) + 1,
            "has_files": any(each.video_file and each.is_active for each in found),
            "may_change": visit.principal.may(Permission.VIDEOS_WRITE),
            "base_url": visit.runtime.settings.base_url,
            "sent": visit.form,
            "failed": visit.path.get("section", "new"),
            "problem": problem,
        }
    return Shown("sections.html", values, problem.status if problem else 200)


def add(visit: Visit) -> Outcome:
    """Add a section at the end."""

    def added(unit: WriteUnit) -> None:
        fields = _fields(visit)
        fields.setdefault("content", [])
        video = service.get(unit, visit.number("video"))
        others = sections.of_videos(unit, [video.id])[video.id]
        fields.setdefault("order", max((each.order for each in others), default=0) + 1)
        sections.add(unit, video.id, fields)

    return _changed(visit, added, Note.ADDED)


def save(visit: Visit) -> Outcome:
    """Change a section."""

    def changed(unit: WriteUnit) -> None:
        video, section = visit.number("video"), visit.number("section")
        fields = _fields(visit)
        shown = written(sections.get(unit, video, section).content)
        sent = visit.form.get("script", "").replace("\r\n", "\n")
        if shown is None or shown == sent:
            fields.pop("content", None)
        sections.update(unit, video, section, fields)

    return _changed(visit, changed, Note.SAVED)


def remove(visit: Visit) -> Outcome:
    """Remove a section."""

    def removed(unit: WriteUnit) -> None:
        sections.remove(unit, visit.number("video"), visit.number("section"))

    return _changed(visit, removed, Note.DELETED)


def assemble(visit: Visit) -> Outcome:
    """Join the files of the sections into the film of the video."""
    try:
        with visit.write() as unit:
            assembly.assemble(unit, visit.number("video"))
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(f"/videos/{visit.number('video')}", Note.ASSEMBLING)


def written(content: Any) -> str | None:
    """Return a script as lines, `Mira: Welcome.`; None for one that has another form."""
    if not isinstance(content, list):
        return None
    lines = []
    for turn in content:
        if not isinstance(turn, dict) or turn.keys() != {"speaker", "text"}:
            return None
        if not all(isinstance(each, str) for each in turn.values()):
            return None
        speaker, said = turn["speaker"], turn["text"]
        if ":" in speaker or "\n" in speaker + said or (not speaker and ":" in said):
            return None
        lines.append(f"{speaker}: {said}" if speaker else said)
    return "\n".join(lines)


def read(script: str) -> list[dict[str, str]]:
    """Return the turns of a script that is written as lines."""
    turns = []
    for line in filter(None, map(str.strip, script.splitlines())):
        speaker, colon, said = line.partition(":")
        turn = (speaker.strip(), said.strip()) if colon else ("", line)
        turns.append({"speaker": turn[0], "text": turn[1]})
    return turns


def _changed(visit: Visit, change: Callable[[WriteUnit], None], note: Note) -> Outcome:
    try:
        with visit.write() as unit:
            change(unit)
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(f"/videos/{visit.number('video')}/sections", note)


def _fields(visit: Visit) -> SectionFields:
    form = visit.form
    fields: SectionFields = {
        "title": optional_text(form, "title", TITLE_LENGTH),
        "section_summary": optional_text(form, "summary", LONG_TEXT_LENGTH),
        "video_file": web_address(form, "video_file"),
        "audio_file": web_address(form, "audio_file"),
        "is_active": form.get("is_active") == "on",
    }
    order = form.get("order", "").strip()
    if order:
        if not (order.isascii() and order.isdigit() and len(order) <= 6):
            raise Invalid("order: Write a whole number.", {"order": "Write a whole number."})
        fields["order"] = int(order)
    if "script" in form:
        fields["content"] = read(text(form, "script", SCRIPT_LENGTH))
    return fields


def _row(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "order": section.order,
        "title": section.title or "",
        "summary": section.section_summary or "",
        "video_file": section.video_file or "",
        "audio_file": section.audio_file or "",
        "is_active": section.is_active,
        "script": written(section.content),
    }
