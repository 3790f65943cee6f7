"""The room of the audience: what viewers did, as charts, lists and tables."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from playout.console.audience import film_strip
from playout.console.audience import subjects as audience_subjects
from playout.console.audience.export import EXPORTS, export
from playout.console.audience.lists import DIMENSIONS, Rank, rank, renditions
from playout.console.audience.measures import MEASURES, QUALITY, Measure, change, written
from playout.console.audience.retention import retention
from playout.console.audience.series import series, spark
from playout.console.audience.span import LAST_DAYS, ZONE_LENGTH, Asked, asked, usual
from playout.console.audience.subjects import FINDS, SUBJECTS, Find, FindSubject, Watched
from playout.console.texts import translated
from playout.console.visit import Outcome, Problem, Shown, Visit
from playout.core.analytics import service
from playout.core.analytics.service import Report
from playout.core.unit import ReadUnit
from playout.core.videos.chapters import chapters_of
from playout.kit.clock import utcnow
from playout.kit.errors import Invalid

ZONES = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Athens"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata"),
    *("Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
)
"""Time zones that the form offers. It takes every other, too."""


def show(find: Find, visit: Visit) -> Outcome:
    """Show the numbers of a thing, in the days that the address asks for."""
    chosen, problem = _asked(visit)
    with visit.read() as unit:
        watched = find(unit, visit)
        if watched is None:
            return Shown("audience_empty.html", {"videos": audience_subjects.most_played(unit)})
        values = {
            "watched": watched,
            "asked": chosen,
            "problem": problem,
            "sent": visit.query,
            "last_days": LAST_DAYS,
            "zones": ZONES,
            "zone_length": ZONE_LENGTH,
            "exports": EXPORTS,
            "base_url": visit.runtime.settings.base_url,
            "is_counting": visit.runtime.settings.analytics,
            "watching": service.watching(unit, watched.subject),
            **_numbers(unit, visit, watched, chosen),
        }
    return Shown("audience.html", values, problem.status if problem else 200)


def now(find_subject: FindSubject, visit: Visit) -> Outcome:
    """Show how many watch at this moment, as a number alone."""
    with visit.read() as unit:
        subject = find_subject(unit, visit)
        count = service.watching(unit, subject) if subject else 0
    return Shown("audience_now.html", {"watching": count})


PAGES: Mapping[str, Callable[[Visit], Outcome]] = {
    f"{path}{below}": partial(answer, find)
    for path, find in FINDS.items()
    for below, answer in (("", show), ("/export", export))
} | {f"{path}/now": partial(now, find_subject) for path, find_subject in SUBJECTS.items()}
"""The pages of the room, by their addresses below that of the console."""


def _asked(visit: Visit) -> tuple[Asked, Problem | None]:
    try:
        return asked(visit.query, utcnow()), None
    except Invalid as error:
        return usual(utcnow()), Problem.of(error)


def _numbers(unit: ReadUnit, visit: Visit, watched: Watched, chosen: Asked) -> Mapping[str, Any]:
    report, before = service.compared(unit, watched.subject, chosen.span)
    name = visit.query.get("measure", "")
    name = name if name in MEASURES else next(iter(MEASURES))
    film = watched.film
    parts = list(report.series.values())
    return {
        "is_empty": not report.totals["views"] and not report.before["views"],
        "measure": name,
        "measures": {
            each: _told(measure, report) | {"spark": spark(measure, parts)}
            for each, measure in MEASURES.items()
        },
        "quality": [_told(measure, report) for measure in QUALITY.values()],
        "series": series(MEASURES[name], chosen.span, report.series, before),
        "retention": retention(
            report.retention,
            film.asset.duration_ms if film and film.asset else None,
            chapters_of(film.video, film.asset) if film else [],
        ),
        "strip": film_strip.film_strip(visit, film) if film else None,
        "poster": _poster(visit, film) if film else None,
        "ranks": _ranks(report),
        "renditions": renditions(report.divided.get("rendition", [])),
    }


def _told(measure: Measure, report: Report) -> dict[str, Any]:
    value, before = measure.of(report.totals), measure.of(report.before)
    return {
        "label": translated(measure.label),
        "value": written(measure.kind, value),
        "before": written(measure.kind, before),
        "change": change(measure, value, before),
    }


def _ranks(report: Report) -> list[Rank]:
    return [rank(name, report.divided.get(name, [])) for name in DIMENSIONS]


def _poster(visit: Visit, film: Any) -> str | None:
    urls = visit.runtime.playback.urls(film.video, film.asset, utcnow(), viewer=visit.principal)
    return urls.pictures.thumbnail
