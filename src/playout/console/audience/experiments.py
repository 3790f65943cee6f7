"""Experiments on the pages of videos and on landing pages: begun, followed, decided, stopped."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from playout.console.audience.trials import KINDS, LEFT, OfShare, OfVideo, Plan, Tried
from playout.console.audience.verdicts import GOALS, arms, summary
from playout.console.authors import authors
from playout.console.fields import needed_text, optional_text, web_address
from playout.console.formats import human_number
from playout.console.texts import marked, translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.experiments import service
from playout.core.experiments.model import (
    CTA_LABEL_LENGTH,
    LATEST_START,
    MOST_WEIGHT,
    NAME_LENGTH,
    Experiment,
    Goal,
    Look,
    PageKind,
    State,
    Variant,
)
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import TITLE_LENGTH
from playout.kit.errors import Invalid, NotFound, PlayoutError

Kind = type[OfVideo] | type[OfShare]
ROOMS: Mapping[str, Kind] = {
    "/audience/videos/{video}/experiments": OfVideo,
    "/audience/projects/{project}/shares/{channel}/experiments": OfShare,
}
ON_PAGE = 50
CONTROL = "as-it-is"
MOST_DIGITS = 9
KEYS = ("b", "c", "d")
"""The variants that a form can have beside the page as it is."""
STATES = {
    State.RUNNING: ("is", "Runs"),
    State.DECIDED: ("off", "Decided"),
    State.STOPPED: ("off", "Stopped"),
}
LOOKS = {
    "title": "Title",
    "poster_url": "Poster",
    "cta_label": "Button",
    "cta_url": "Button leads to",
    "cta_color": "Colour of the button",
    "autoplay": "Plays by itself",
    "start_seconds": "Starts at second",
}
"""The texts and settings that a variant can change, by the names that people use."""
AUTOPLAYS = {"off": marked("no"), "muted": marked("without sound"), "sound": marked("with sound")}


def index(of: Kind, visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the experiments on the pages of a thing, with what came of those that run."""
    tried = of(visit)
    with visit.read() as unit:
        title = tried.title(unit)
        found, count = tried.page(unit, 0, ON_PAGE)
        running = [each for each in found if each.ended_at is None]
        busy = {each.kind for each in running}
        values: dict[str, Any] = {
            **_about(visit, tried, title, problem),
            "rows": [_row(each) for each in found],
            "older": count - len(found),
            "running": [_told(unit, each) for each in running],
            "has_kinds": len(tried.kinds) > 1,
            "free": [kind for kind in tried.kinds if kind not in busy],
            "wanted": visit.form.get("page") or visit.query.get("page", ""),
            "keys": KEYS,
            "control": CONTROL,
            "latest": LATEST_START,
            "sent": visit.form,
        }
    return Shown("experiments.html", values, problem.status if problem else 200)


def show(of: Kind, visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show an experiment, and what came of it so far."""
    tried = of(visit)
    with visit.read() as unit:
        found = tried.get(unit, visit.number("experiment"))
        values = {
            **_about(visit, tried, tried.title(unit), problem),
            "told": _told(unit, found),
            "left": LEFT[found.kind],
            "author": authors(unit, [found.created_by])[found.created_by],
        }
    return Shown("experiment.html", values, problem.status if problem else 200)


def create(of: Kind, visit: Visit) -> Outcome:
    """Begin an experiment."""
    tried = of(visit)
    try:
        plan = _plan(visit.form, tried)
        with visit.write() as unit:
            made = tried.create(unit, plan)
    except NotFound:
        raise
    except PlayoutError as error:
        return index(of, visit, Problem.of(error))
    return GoTo(f"{tried.path}/experiments/{made.id}", Note.EXPERIMENT_BEGUN)


def decide(of: Kind, visit: Visit) -> Outcome:
    """End an experiment with a winner, whose values the page keeps."""

    def decided(tried: Tried, unit: WriteUnit, id: int) -> None:
        tried.decide(unit, id, visit.form.get("winner", ""))

    return _ended(of, visit, decided, Note.EXPERIMENT_DECIDED)


def stop(of: Kind, visit: Visit) -> Outcome:
    """End an experiment without a winner."""

    def stopped(tried: Tried, unit: WriteUnit, id: int) -> None:
        tried.stop(unit, id)

    return _ended(of, visit, stopped, Note.EXPERIMENT_STOPPED)


PAGES: Mapping[str, Callable[[Visit], Outcome]] = {
    f"{room}{below}": partial(answer, of)
    for room, of in ROOMS.items()
    for below, answer in (("", index), ("/{experiment}", show))
}
FORMS: Mapping[str, Callable[[Visit], Outcome]] = {
    f"{room}{below}": partial(change, of)
    for room, of in ROOMS.items()
    for below, change in (
        ("", create),
        ("/{experiment}/decide", decide),
        ("/{experiment}/stop", stop),
    )
}


def _about(visit: Visit, tried: Tried, title: str, problem: Problem | None) -> dict[str, Any]:
    """Return what both pages show of the thing that is tried."""
    return {
        "title": title,
        "path": tried.path,
        "api": tried.api,
        "kinds": KINDS,
        "may_change": visit.principal.may(tried.needs),
        "goals": GOALS,
        "base_url": visit.runtime.settings.base_url,
        "problem": problem,
    }


def _ended(
    of: Kind, visit: Visit, end: Callable[[Tried, WriteUnit, int], None], note: Note
) -> Outcome:
    tried, id = of(visit), visit.number("experiment")
    try:
        with visit.write() as unit:
            end(tried, unit, id)
    except NotFound:
        raise
    except PlayoutError as error:
        return show(of, visit, Problem.of(error))
    return GoTo(f"{tried.path}/experiments/{id}", note)


def _plan(form: Mapping[str, str], tried: Tried) -> Plan:
    kind, variants = _page(form, tried), _variants(form)
    name = needed_text(form, "name", NAME_LENGTH)
    return Plan(kind, name, _goal(form), variants)


def _page(form: Mapping[str, str], tried: Tried) -> PageKind:
    """Return the kind of the page that the form asks for, or the only one."""
    page = form.get("page", str(tried.kinds[0]))
    if page not in tried.kinds:
        raise Invalid("page: Choose one.", {"page": "Choose one."})
    return PageKind(page)


def _row(experiment: Experiment) -> dict[str, Any]:
    sign, word = STATES[experiment.state]
    return {
        "experiment": experiment,
        "sign": sign,
        "word": word,
        "goal": GOALS[experiment.goal],
        "page": KINDS[experiment.kind],
    }


def _told(unit: ReadUnit, experiment: Experiment) -> dict[str, Any]:
    result = service.result(unit, experiment)
    return {
        **_row(experiment),
        "summary": summary(experiment, result),
        "is_mismatched": result.is_mismatched,
        "arms": list(arms(result)),
        "looks": {each["key"]: _words(each["look"]) for each in experiment.variants},
        "weights": {each["key"]: each["weight"] for each in experiment.variants},
    }


def _words(look: Look) -> list[tuple[str, object]]:
    """Return what a variant changes, and to what."""
    return [
        (LOOKS[name], translated(AUTOPLAYS[str(value)]) if name == "autoplay" else value)
        for name, value in look.items()
    ]


def _goal(form: Mapping[str, str]) -> Goal:
    goal = form.get("goal", "")
    if goal not in set(Goal):
        raise Invalid("goal: Choose one.", {"goal": "Choose one."})
    return Goal(goal)


def _variants(form: Mapping[str, str]) -> list[Variant]:
    """Return the page as it is, and each variant that changes something."""
    others = [(key, _look(form, key)) for key in KEYS]
    variants: list[Variant] = [
        {"key": key, "weight": _weight(form, key), "look": look} for key, look in others if look
    ]
    if not variants:
        raise Invalid("Variant b: Change something.", {"title_b": "Change something."})
    return [{"key": CONTROL, "weight": _weight(form, CONTROL), "look": {}}, *variants]


def _look(form: Mapping[str, str], key: str) -> Look:
    look: dict[str, Any] = {
        "title": optional_text(form, f"title_{key}", TITLE_LENGTH),
        "poster_url": web_address(form, f"poster_{key}"),
        "cta_label": optional_text(form, f"cta_label_{key}", CTA_LABEL_LENGTH),
        "cta_url": web_address(form, f"cta_url_{key}"),
        "start_seconds": _whole(form, f"start_{key}", 0, LATEST_START),
    }
    return cast("Look", {name: value for name, value in look.items() if value is not None})


def _weight(form: Mapping[str, str], key: str) -> int:
    return _whole(form, f"weight_{key}", 1, MOST_WEIGHT) or 1


def _whole(form: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """Return a whole number; None for an empty field. Raise `Invalid`."""
    written = form.get(name, "").strip()
    if not written:
        return None
    is_short = len(written) <= MOST_DIGITS and written.isascii()
    if not (is_short and written.isdigit() and least <= int(written) <= most):
        limit = human_number(most)
        problem = f"Write a whole number from {least} to {limit}."
        raise Invalid(f"{name}: {problem}", {name: problem})
    return int(written)
