"""Experiments on the page of a video: begun, followed, decided, stopped."""

from collections.abc import Callable, Mapping
from typing import Any, cast

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
    State,
    Variant,
)
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos import service as videos
from playout.core.videos.model import TITLE_LENGTH
from playout.kit.errors import Invalid, NotFound, PlayoutError

ROOM = "/audience/videos/{video}/experiments"
EXPERIMENT = f"{ROOM}/{{experiment}}"
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


def index(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the experiments of a video, with what came of the one that runs."""
    with visit.read() as unit:
        video = videos.get(unit, visit.number("video"))
        found, count = service.page(unit, video.id, 0, ON_PAGE)
        values: dict[str, Any] = {
            "video": video,
            "rows": [_row(each) for each in found],
            "older": count - len(found),
            "running": next((_told(unit, e) for e in found if e.ended_at is None), None),
            "may_change": visit.principal.may(Permission.VIDEOS_PUBLISH),
            "goals": GOALS,
            "keys": KEYS,
            "control": CONTROL,
            "latest": LATEST_START,
            "base_url": visit.runtime.settings.base_url,
            "sent": visit.form,
            "problem": problem,
        }
    return Shown("experiments.html", values, problem.status if problem else 200)


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show an experiment, and what came of it so far."""
    with visit.read() as unit:
        video = videos.get(unit, visit.number("video"))
        found = service.get(unit, video.id, visit.number("experiment"))
        values = {
            "video": video,
            "told": _told(unit, found),
            "author": authors(unit, [found.created_by])[found.created_by],
            "may_change": visit.principal.may(Permission.VIDEOS_PUBLISH),
            "goals": GOALS,
            "base_url": visit.runtime.settings.base_url,
            "problem": problem,
        }
    return Shown("experiment.html", values, problem.status if problem else 200)


def create(visit: Visit) -> Outcome:
    """Begin an experiment."""
    try:
        variants = _variants(visit.form)
        name = needed_text(visit.form, "name", NAME_LENGTH)
        with visit.write() as unit:
            made = service.create(unit, visit.number("video"), name, _goal(visit.form), variants)
    except NotFound:
        raise
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(_path(visit, made.id), Note.EXPERIMENT_BEGUN)


def decide(visit: Visit) -> Outcome:
    """End an experiment with a winner, whose values the page keeps."""

    def decided() -> None:
        with visit.write() as unit:
            winner = visit.form.get("winner", "")
            service.decide(unit, visit.number("video"), visit.number("experiment"), winner)

    return _ended(visit, decided, Note.EXPERIMENT_DECIDED)


def stop(visit: Visit) -> Outcome:
    """End an experiment without a winner."""

    def stopped() -> None:
        with visit.write() as unit:
            service.stop(unit, visit.number("video"), visit.number("experiment"))

    return _ended(visit, stopped, Note.EXPERIMENT_STOPPED)


PAGES: Mapping[str, Callable[[Visit], Outcome]] = {ROOM: index, EXPERIMENT: show}
FORMS: Mapping[str, Callable[[Visit], Outcome]] = {
    ROOM: create,
    f"{EXPERIMENT}/decide": decide,
    f"{EXPERIMENT}/stop": stop,
}


def _ended(visit: Visit, end: Callable[[], None], note: Note) -> Outcome:
    try:
        end()
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(_path(visit, visit.number("experiment")), note)


def _path(visit: Visit, experiment_id: int) -> str:
    return f"/audience/videos/{visit.number('video')}/experiments/{experiment_id}"


def _row(experiment: Experiment) -> dict[str, Any]:
    sign, word = STATES[experiment.state]
    return {"experiment": experiment, "sign": sign, "word": word, "goal": GOALS[experiment.goal]}


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
