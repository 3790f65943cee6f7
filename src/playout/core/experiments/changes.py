"""Changes of experiments, whatever their page belongs to. The callers have asked who may do so."""

from collections.abc import Mapping
from typing import Any

from playout.core.experiments import queries
from playout.core.experiments.model import Experiment, Look, PageLook
from playout.core.ledger.model import FieldChanges, differences
from playout.core.unit import WriteUnit
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Conflict, Invalid


def begin(unit: WriteUnit, experiment: Experiment) -> None:
    """Begin an experiment. Raise `Invalid`, and `Conflict` while another one runs on its page."""
    keys = [each["key"] for each in experiment.variants]
    if len(set(keys)) < len(keys):
        raise Invalid("variants: Each needs a name of its own.", {"variants": "Not unique."})
    for each in experiment.variants:
        check_look(each["look"])
    if queries.running(unit.session, experiment.page) is not None:
        raise Conflict("Another experiment runs on this page. Decide or stop it first.")
    unit.stamp(experiment)
    unit.session.add(experiment)
    unit.session.flush()
    unit.record("experiment.created", experiment, differences({}, experiment.audit_state()))


def stop(unit: WriteUnit, experiment: Experiment) -> None:
    """End an experiment without a winner; one that has ended stays as it is."""
    if experiment.ended_at is None:
        unit.record("experiment.stopped", experiment, _end(unit, experiment, None))


def decide(unit: WriteUnit, experiment: Experiment, winner: str) -> Look:
    """End an experiment, and return the look of the winner.

    Raise `Invalid` for an unknown variant, and `Conflict` when it has ended.
    """
    look = experiment.look(winner)
    if look is None:
        raise Invalid("winner: There is no such variant.", {"winner": "There is none."})
    if experiment.ended_at is not None:
        raise Conflict("The experiment has ended.")
    unit.record("experiment.decided", experiment, _end(unit, experiment, winner))
    return look


def replace_look(unit: WriteUnit, page: str, look: Mapping[str, Any]) -> FieldChanges:
    """Have a page keep a look, or none if it is empty. Return what that changes."""
    kept = unit.session.get(PageLook, page)
    before = dict(kept.look) if kept else {}
    if kept is not None and not look:
        unit.session.delete(kept)
    elif kept is not None:
        kept.look = dict(look)
    elif look:
        unit.session.add(PageLook(page=page, look=dict(look)))
    return differences(before, {**dict.fromkeys(before), **look})


def check_look(look: Look) -> None:
    """Raise `Invalid` for a call to action without its text or its address."""
    check_web_addresses(look)
    if ("cta_label" in look) != ("cta_url" in look):
        problem = "A call to action needs both cta_label and cta_url."
        raise Invalid(problem, {"cta_label": problem})


def _end(unit: WriteUnit, experiment: Experiment, winner: str | None) -> FieldChanges:
    """End an experiment. Return what that changes."""
    before = experiment.audit_state()
    experiment.end(unit.now, winner)
    return differences(before, experiment.audit_state())
