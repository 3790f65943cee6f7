"""The form of a video: what it shows, and the fields that it sends."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from playout.console.fields import kept_moment, needed_text, optional_text, text
from playout.console.visit import Visit
from playout.core.catalog import service as catalog
from playout.core.catalog.model import Category, Subcategory, Tag
from playout.core.media.model import Chapter
from playout.core.permissions import Permission
from playout.core.publications.details import VideoDetails
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.chapters import MAX_START, chapters_of
from playout.core.videos.model import (
    DESCRIPTION_LENGTH,
    LANGUAGE_LENGTH,
    TITLE_LENGTH,
    VideoFields,
    Visibility,
)
from playout.kit.errors import Invalid
from playout.kit.language_tags import is_language_tag
from playout.kit.passwords import PASSWORD_LENGTH
from playout.transcode.inspect.side_tracks import MAX_CHAPTERS

MOST_ENTRIES = 500
"""Categories, and tags, that are offered to choose from."""
TAGS_LENGTH = 10_000
NAME_LENGTH = 255
_START = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:[.,]\d{1,3})?)|(\d+(?:[.,]\d{1,3})?)")


class ChapterRow(NamedTuple):
    """A chapter as people write it: `1:05`, and a title."""

    start: str
    title: str


def catalog_values(unit: ReadUnit, found: VideoDetails) -> dict[str, Any]:
    """Return the categories and tags that a form offers, and those of the video."""
    categories = catalog.page(unit, Category, 0, MOST_ENTRIES)[0]
    parts = catalog.page(unit, Subcategory, 0, MOST_ENTRIES)[0]
    choices = []
    for category in categories:
        choices.append((f"{category.id}", category.name))
        choices += [
            (f"{category.id}.{each.id}", f"{category.name} / {each.name}")
            for each in parts
            if each.category_id == category.id
        ]
    return {
        "categories": choices,
        "category_choice": _category_choice(found),
        "all_tags": [each.name for each in catalog.page(unit, Tag, 0, MOST_ENTRIES)[0]],
        "tags": _tags_text(found),
        "chapter_rows": chapter_rows(found),
    }


def chapter_rows(found: VideoDetails) -> list[ChapterRow]:
    """Return the chapters of a video as the form shows them."""
    shown = chapters_of(found.video, found.asset)
    return [ChapterRow(_clock(each["start"]), each["title"]) for each in shown]


def shown_rows(form: Mapping[str, str]) -> list[ChapterRow]:
    """Return the rows of chapters that a form sent, as they were typed, without empty ones."""
    numbers = sorted(int(name[6:]) for name in form if re.fullmatch(r"start_\d{1,6}", name))
    rows = [
        ChapterRow(form[f"start_{each}"].strip(), form.get(f"title_{each}", "").strip())
        for each in numbers
    ]
    return [each for each in rows if each.start or each.title]


def _sent_rows(form: Mapping[str, str]) -> list[ChapterRow]:
    rows = shown_rows(form)
    return [
        ChapterRow(each.start, text({"chapters": each.title}, "chapters", TITLE_LENGTH))
        for each in rows
    ]


def fields(unit: WriteUnit, visit: Visit, found: VideoDetails) -> VideoFields:
    """Return the fields of the form. Where it was not touched, the video stays as it is."""
    form = visit.form
    sent: VideoFields = {
        "title": needed_text(form, "title", TITLE_LENGTH),
        "description": optional_text(form, "description", DESCRIPTION_LENGTH),
        "language": _language(form),
        "visibility": _visibility(form.get("visibility", "")),
        "downloads": form.get("downloads") == "on",
    }
    if visit.principal.may(Permission.VIDEOS_PUBLISH):
        sent["publish_at"] = kept_moment(form, "publish_at", found.video.publish_at)
        sent["unpublish_at"] = kept_moment(form, "unpublish_at", found.video.unpublish_at)
        password = optional_text(form, "password", PASSWORD_LENGTH)
        if password is not None or form.get("no_password") == "on":
            sent["password"] = password
    if "tags" in form and text(form, "tags", TAGS_LENGTH) != _tags_text(found):
        sent["tag_ids"] = [each.id for each in catalog.tags_named(unit, _names(form))]
    _add_category(unit, form, found, sent)
    _add_chapters(form, found, sent)
    return sent


def _add_category(
    unit: WriteUnit, form: Mapping[str, str], found: VideoDetails, sent: VideoFields
) -> None:
    name = optional_text(form, "new_category", NAME_LENGTH)
    choice = form.get("category", "")
    if name is not None:
        known = {each.name: each for each in catalog.page(unit, Category, 0, MOST_ENTRIES)[0]}
        sent["category_id"] = (known.get(name) or catalog.add(unit, Category, {"name": name})).id
    elif "category" in form and choice != _category_choice(found):
        category, _, part = choice.partition(".")
        if choice and not re.fullmatch(r"\d{1,18}(\.\d{1,18})?", choice):
            raise Invalid("category: Choose one.", {"category": "Choose one."})
        sent["category_id"] = int(category) if category else None
        sent["subcategory_id"] = int(part) if part else None


def _add_chapters(form: Mapping[str, str], found: VideoDetails, sent: VideoFields) -> None:
    if form.get("derive_chapters") == "on":
        sent["chapters"] = None
    elif "chapters" in form and (rows := _sent_rows(form)) != chapter_rows(found):
        if len(rows) > MAX_CHAPTERS:
            raise _wrong_chapters(f"There may be {MAX_CHAPTERS:,} chapters at the most.")
        sent["chapters"] = [_chapter(each) for each in rows]


def _chapter(row: ChapterRow) -> Chapter:
    match = _START.fullmatch(row.start)
    if match is None:
        raise _wrong_chapters(f"“{row.start}” is no time. Write minutes and seconds: 1:05.")
    if not row.title:
        raise _wrong_chapters(f"The chapter at {row.start} needs a title.")
    hours, minutes, seconds, alone = (
        each.replace(",", ".") if each else "0" for each in match.groups()
    )
    start = int(hours) * 3600 + int(minutes) * 60 + float(seconds) + float(alone)
    if start > MAX_START:
        raise _wrong_chapters(f"The chapter at {row.start} is too late.")
    return {"start": round(start, 3), "title": row.title}


def _clock(seconds: float) -> str:
    """Return a time as the form shows it: 1:05, 1:02:05, 0:41.5."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    shown = f"{rest / 1000:06.3f}".rstrip("0").rstrip(".") if rest % 1000 else f"{rest // 1000:02}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{shown}" if hours else f"{minutes}:{shown}"


def _tags_text(found: VideoDetails) -> str:
    return ", ".join(found.video.tag_names)


def _names(form: Mapping[str, str]) -> list[str]:
    names = [each.strip() for each in text(form, "tags", TAGS_LENGTH).split(",")]
    if any(len(each) > NAME_LENGTH for each in names):
        problem = f"A tag may have {NAME_LENGTH} characters at the most."
        raise Invalid(f"tags: {problem}", {"tags": problem})
    return [each for each in names if each]


def _category_choice(found: VideoDetails) -> str:
    video = found.video
    if video.category_id is None:
        return ""
    part = f".{video.subcategory_id}" if video.subcategory_id else ""
    return f"{video.category_id}{part}"


def _language(form: Mapping[str, str]) -> str | None:
    language = optional_text(form, "language", LANGUAGE_LENGTH)
    if language is not None and not is_language_tag(language):
        problem = "A language is a tag such as en or pt-BR."
        raise Invalid(f"language: {problem}", {"language": problem})
    return language


def _visibility(name: str) -> Visibility:
    if name not in set(Visibility):
        raise Invalid("visibility: Choose one.", {"visibility": "Choose one."})
    return Visibility(name)


def _wrong_chapters(problem: str) -> Invalid:
    return Invalid(f"Chapters: {problem}", {"chapters": problem})
