"""Many videos at once: publish, unpublish, tag, move, delete, and undo."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from playout.console.fields import optional_text
from playout.console.texts import sentence, translated
from playout.console.videos import listing as video_list
from playout.console.videos.undo import INVERSE, Deed, unpack
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.catalog import service as catalog
from playout.core.publications import service as publications
from playout.core.publications.model import FIELDS, Publication
from playout.core.unit import WriteUnit
from playout.core.videos import service
from playout.core.videos.model import VideoFields
from playout.kit.errors import Conflict, Invalid, NotFound, PlayoutError, Unavailable

MOST = 200
KEPT_OUT = "."
"""The value of a video that cannot be published again as it was."""
DRAFT, PUBLISHED = "0", "1"
"""The values of a deleted video: what it was before."""
RESTORABLE = timedelta(hours=1)
"""The time in which a deletion can be undone."""
TAGS_LENGTH = 10_000
Act = Callable[[WriteUnit, int, str], str | None]
"""Changes one video by a value. Returns what is needed to undo it; None if nothing changed."""


@dataclass(slots=True)
class Result:
    """The videos that were changed, and the reasons why others were not."""

    done: dict[int, str] = field(default_factory=dict)
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Titles and reasons."""


def change(visit: Visit) -> Outcome:
    """Do to the chosen videos what the form says, each by itself."""
    verb, ids = visit.form.get("verb", ""), _chosen(visit)
    try:
        if verb not in ACTS and verb != "delete":
            raise Invalid("Choose what to do.")
        if not ids:
            raise Invalid("Choose videos first.")
        if verb == "delete":
            return _delete(visit, ids)
        value = _value(visit, verb)
    except PlayoutError as error:
        return video_list.index(visit, Problem.of(error))
    return _outcome(visit, verb, _for_each(visit, ACTS[verb], dict.fromkeys(ids, value)))


def undo(visit: Visit) -> Outcome:
    """Undo what the last form did to videos, in those that still allow it."""
    try:
        deed = unpack(visit.form.get("deed", ""))
        if not deed.is_undoable:
            raise Invalid("There is nothing to undo.")
    except PlayoutError as error:
        return video_list.index(visit, Problem.of(error))
    verb = INVERSE.get(deed.verb, deed.verb)
    result = _for_each(visit, UNDOING.get(verb) or ACTS[verb], deed.values)
    if result.failed:
        return video_list.index(visit, _problem(result))
    return GoTo(video_list.list_path(visit), Note.UNDONE)


def _delete(visit: Visit, ids: Sequence[int]) -> Outcome:
    """Delete videos, once that is confirmed."""
    if visit.form.get("sure") != "yes":
        with visit.read() as unit:
            chosen = [service.get(unit, id) for id in ids]
        return Shown("delete.html", {"chosen": chosen, "back": visit.form.get("back", "")})
    return _outcome(visit, "delete", _for_each(visit, _delete_one, dict.fromkeys(ids, "")))


def _outcome(visit: Visit, verb: str, result: Result) -> Outcome:
    deed = Deed(verb, result.done)
    if result.failed:
        return video_list.index(visit, _problem(result), deed)
    if not result.done:
        return GoTo(video_list.list_path(visit), Note.NOTHING_CHANGED)
    return GoTo(video_list.list_path(visit), Note.DONE, deed.pack())


def _problem(result: Result) -> Problem:
    number = len(result.failed)
    all_ = number + len(result.done) + result.unchanged
    said = translated("{number} of {all} stayed as they were.", number=number, all=all_)
    return Problem(said, {"failed": result.failed}, 409)


def _for_each(visit: Visit, act: Act, values: Mapping[int, str]) -> Result:
    """Change videos, each in a transaction of its own, so that one problem stops no other."""
    result = Result()
    for id, value in values.items():
        try:
            with visit.write() as unit:
                undoing = act(unit, id, value)
        except Unavailable:
            raise
        except PlayoutError as error:
            result.failed.append((_title(visit, id), sentence(error.message)))
            continue
        if undoing is None:
            result.unchanged += 1
        else:
            result.done[id] = undoing
    return result


def _title(visit: Visit, id: int) -> str:
    try:
        with visit.read() as unit:
            return service.get(unit, id).title
    except NotFound:
        return translated("A video that is not there any more")


def _chosen(visit: Visit) -> list[int]:
    names = [re.fullmatch(r"pick_(\d{1,18})", name) for name in visit.form]
    return [int(match[1]) for match in names if match][:MOST]


def _value(visit: Visit, verb: str) -> str:
    """Return the value of a verb: ids of tags, or of a project and a category."""
    if verb in {"tag", "untag"}:
        text = optional_text(visit.form, "tag_names", TAGS_LENGTH) or ""
        names = [each.strip() for each in text.split(",") if each.strip()]
        if not names:
            raise Invalid("Name a tag first.")
        with visit.write() as unit:
            return ".".join(str(each.id) for each in catalog.tags_named(unit, names))
    if verb == "move":
        project, category = visit.form.get("to_project", ""), visit.form.get("to_category", "")
        if not project and not category:
            raise Invalid("Choose a project or a category first.")
        if not re.fullmatch(r"\d{0,18}", project) or not re.fullmatch(
            r"(0|\d{1,18}(\.\d{1,18})?)?", category
        ):
            raise Invalid("Choose a project or a category first.")
        return f"{project}.{category}"
    return ""


def _publish(unit: WriteUnit, id: int, _: str) -> str | None:
    was_draft = service.get_for_update(unit, id).is_draft
    publications.publish_video(unit, id, {})
    return "" if was_draft else None


def _publish_again(unit: WriteUnit, id: int, value: str) -> str | None:
    if value == KEPT_OUT:
        raise Conflict("It was published with texts of its own, which are gone: publish it anew.")
    publications.publish_again(unit, id)
    return ""


def _unpublish(unit: WriteUnit, id: int, _: str) -> str | None:
    publication = publications.unpublish_video(unit, id)
    if publication is None:
        return None
    return KEPT_OUT if _has_own_texts(publication) else ""


def _tag(unit: WriteUnit, id: int, value: str) -> str | None:
    video = service.get_for_update(unit, id)
    present = video.tag_ids
    added = [each for each in _numbers(value) if each not in present]
    if added:
        service.change(unit, video, {"tag_ids": [*present, *added]})
    return ".".join(map(str, added)) if added else None


def _untag(unit: WriteUnit, id: int, value: str) -> str | None:
    video = service.get_for_update(unit, id)
    present = video.tag_ids
    removed = [each for each in _numbers(value) if each in present]
    if removed:
        service.change(unit, video, {"tag_ids": [each for each in present if each not in removed]})
    return ".".join(map(str, removed)) if removed else None


def _move(unit: WriteUnit, id: int, value: str) -> str | None:
    """Move a video to `project.category.subcategory`. Empty stays as it is, and 0 is none."""
    video = service.get_for_update(unit, id)
    before = f"{video.project_id}.{video.category_id or 0}.{video.subcategory_id or 0}"
    project, category, part = (*value.split("."), "", "")[:3]
    fields: VideoFields = {}
    if project:
        fields["project_id"] = int(project)
    if category:
        fields["category_id"] = int(category) or None
        fields["subcategory_id"] = int(part or 0) or None
    service.change(unit, video, fields)
    after = f"{video.project_id}.{video.category_id or 0}.{video.subcategory_id or 0}"
    return None if after == before else before


def _delete_one(unit: WriteUnit, id: int, _: str) -> str | None:
    return deleted_value(publications.delete_video(unit, id))


def _restore(unit: WriteUnit, id: int, value: str) -> str | None:
    """Bring back a deleted video; at its address, if it was published and can be so again."""
    service.restore(unit, id, unit.now - RESTORABLE)
    if value == PUBLISHED:
        publications.publish_again(unit, id)
    return ""


def deleted_value(publication: Publication | None) -> str:
    """Return what is needed to undo the deletion of a video that had that publication."""
    if publication is None:
        return DRAFT
    return KEPT_OUT if _has_own_texts(publication) else PUBLISHED


def _has_own_texts(publication: Publication) -> bool:
    """Return whether something was set for the publication alone: it goes with it."""
    return any(getattr(publication, name) is not None for name in FIELDS)


def _numbers(value: str) -> list[int]:
    return [int(each) for each in value.split(".") if each]


ACTS: dict[str, Act] = {
    "publish": _publish,
    "unpublish": _unpublish,
    "tag": _tag,
    "untag": _untag,
    "move": _move,
}
UNDOING: dict[str, Act] = {"publish": _publish_again, "restore": _restore}
