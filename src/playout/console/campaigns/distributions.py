"""Distributions: how a production is packaged, and the address of each."""

from collections.abc import Sequence
from typing import Any

from playout.console.authors import authors
from playout.console.campaigns.problems import problem_of
from playout.console.fields import needed_text
from playout.console.texts import translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.batch import Change
from playout.core.distributions import productions, service
from playout.core.distributions.delivery import delivery, production_media
from playout.core.distributions.model import ChildFields, Distribution, DistributionStatus
from playout.core.distributions.settings import Format, Quality
from playout.core.permissions import Permission
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import TITLE_LENGTH, Video
from playout.kit.errors import PlayoutError

STATES = {
    DistributionStatus.PENDING: ("draft", "Waits"),
    DistributionStatus.PACKAGING: ("coming", "Packaging"),
    DistributionStatus.READY: ("is", "Ready"),
    DistributionStatus.FAILED: ("failed", "Failed"),
}


def rows(
    unit: ReadUnit, video: Video, distributions: Sequence[Distribution], playback: Playback
) -> list[dict[str, Any]]:
    """Return what a page shows of distributions of a production, whose media are loaded once."""
    media = production_media(unit, video)
    return [_row(each, unit, media, playback) for each in distributions]


def new(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that adds a distribution."""
    visit.principal.require(Permission.DISTRIBUTIONS_WRITE)
    with visit.read() as unit:
        video = productions.get(unit, visit.number("production"))
        return _form(visit, unit, video, None, problem)


def create(visit: Visit) -> Outcome:
    """Add a distribution to a production."""
    try:
        fields = _fields(visit)
        with visit.write() as unit:
            service.create(unit, Distribution, visit.number("production"), [fields])
    except PlayoutError as error:
        return new(visit, problem_of(error))
    return _back(visit, Note.ADDED)


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that changes a distribution."""
    visit.principal.require(Permission.DISTRIBUTIONS_WRITE)
    with visit.read() as unit:
        video = productions.get(unit, visit.number("production"))
        found = service.get(unit, Distribution, video, visit.number("distribution"))
        return _form(visit, unit, video, found, problem)


def save(visit: Visit) -> Outcome:
    """Change a distribution. Somebody else's change in the meantime is not overwritten."""
    try:
        change = Change(visit.number("distribution"), _fields(visit))
        with visit.write() as unit:
            service.update(unit, Distribution, visit.number("production"), change)
    except PlayoutError as error:
        return show(visit, problem_of(error))
    return _back(visit, Note.SAVED)


def delete(visit: Visit) -> Outcome:
    """Delete a distribution: its address plays nothing any more."""
    with visit.write() as unit:
        production, distribution = visit.number("production"), visit.number("distribution")
        service.remove(unit, Distribution, production, distribution)
    return _back(visit, Note.DELETED)


def _back(visit: Visit, note: Note) -> GoTo:
    return GoTo(f"/campaigns/{visit.number('production')}", note)


def _fields(visit: Visit) -> ChildFields:
    """Return what the form changes. A choice that is as it was shown stays as it is stored."""
    form = visit.form
    settings = {
        name: form[name]
        for name in ("format", "quality")
        if name in form and form[name] != form.get(f"{name}_was")
    }
    return {"name": needed_text(form, "name", TITLE_LENGTH), "settings": settings}


def _form(
    visit: Visit,
    unit: ReadUnit,
    video: Video,
    found: Distribution | None,
    problem: Problem | None,
) -> Outcome:
    settings = found.settings if found else {}
    stored = {
        "name": found.name if found else "",
        "format": settings.get("format") or Format.HLS,
        "quality": settings.get("quality") or Quality.ADAPTIVE,
    }
    values = {
        "production": video,
        "here_is": f"/campaigns/{video.id}",
        "base_url": visit.runtime.settings.base_url,
        "distribution": found,
        "authors": authors(unit, [found.updated_by]) if found else {},
        "stored": stored,
        "shown": {**stored, **visit.form} if problem else stored,
        "formats": list(Format),
        "qualities": list(Quality),
        "problem": problem,
    }
    return Shown("campaigns/distribution.html", values, problem.status if problem else 200)


def _row(
    distribution: Distribution, unit: ReadUnit, media: Any, playback: Playback
) -> dict[str, Any]:
    delivered = delivery(unit, distribution, media, playback)
    packaging = delivered.packaging
    sign, word = STATES[packaging.status]
    word = translated(word)
    if packaging.status is DistributionStatus.PACKAGING:
        word = f"{word} {packaging.progress} %"
    return {
        "id": distribution.id,
        "name": distribution.name,
        "sign": sign,
        "word": word,
        "reason": packaging.reason,
        "what": f"{distribution.format}, {distribution.settings.get('quality') or 'adaptive'}",
        "url": delivered.playback_url,
    }
