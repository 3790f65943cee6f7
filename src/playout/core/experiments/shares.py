"""Use cases of experiments on the page of a share: list, create, stop and decide."""

from collections.abc import Sequence

from playout.core.experiments import changes, queries
from playout.core.experiments.model import Experiment, Goal, Look, Variant, page_of_share
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.shares import queries as share_queries
from playout.core.shares import service as shares
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import require_found

NOUN = "experiment"
OF_SHARE = {"title": "public_title", "cta_label": "cta_label", "cta_url": "cta_url"}
"""The fields of a share that have what the winner says."""


def page(
    unit: ReadUnit, project_id: int, channel: Channel, offset: int, limit: int
) -> tuple[list[Experiment], int]:
    """Return a page of the experiments of a share, newest first, and how many it has."""
    share = shares.get(unit, project_id, channel)
    return queries.page(unit, queries.of_share(share), offset, limit)


def get(unit: ReadUnit, project_id: int, channel: Channel, experiment_id: int) -> Experiment:
    """Return an experiment of a share. Raise `NotFound`."""
    share = shares.get(unit, project_id, channel)
    return require_found(queries.by_id(unit, queries.of_share(share), experiment_id), NOUN)


def create(
    unit: WriteUnit,
    project_id: int,
    channel: Channel,
    *,
    name: str,
    goal: Goal,
    variants: Sequence[Variant],
) -> Experiment:
    """Begin an experiment on the page of a share.

    Raise `NotFound`, `Invalid`, and `Conflict` while another one runs there.
    """
    share = _share_for_update(unit, project_id, channel)
    page = page_of_share(share.project_id, share.channel)
    made = Experiment(page=page, share=share, name=name, goal=goal, variants=list(variants))
    changes.begin(unit, made)
    return made


def stop(unit: WriteUnit, project_id: int, channel: Channel, experiment_id: int) -> None:
    """End an experiment without a winner; one that has ended stays as it is. Raise `NotFound`."""
    changes.stop(unit, _for_update(unit, project_id, channel, experiment_id)[1])


def decide(
    unit: WriteUnit, project_id: int, channel: Channel, experiment_id: int, winner: str
) -> Experiment:
    """End an experiment, and write the values of the winner into its share.

    Raise `NotFound`, `Invalid` for an unknown variant, and `Conflict` when it has ended.
    """
    share, experiment = _for_update(unit, project_id, channel, experiment_id)
    look = changes.decide(unit, experiment, winner)
    before = share.audit_state()
    for name, value in look.items():
        if name in OF_SHARE:
            setattr(share, OF_SHARE[name], value)
    rest = {name: value for name, value in look.items() if name not in OF_SHARE}
    kept = {**queries.page_look(unit.session, experiment.page), **rest}
    changed = {
        **differences(before, share.audit_state()),
        **changes.replace_look(unit, experiment.page, kept),
    }
    if changed:
        unit.record("share.updated", share, changed)
    return experiment


def subject_of(
    unit: ReadUnit, project_id: int, channel: Channel, experiment_id: int, key: str
) -> str:
    """Return what the events of a variant are counted for. Raise `NotFound`."""
    return get(unit, project_id, channel, experiment_id).subject_of(key)


def page_look(unit: ReadUnit, project_id: int, channel: Channel) -> Look:
    """Return the look that the page of a share keeps. Raise `NotFound`."""
    share = shares.get(unit, project_id, channel)
    return queries.page_look(unit.session, page_of_share(share.project_id, share.channel))


def clear_page_look(unit: WriteUnit, project_id: int, channel: Channel) -> None:
    """Show the page of a share without the look that it keeps.

    Its title and its call to action stay: they are the share's. Raise `NotFound`.
    """
    share = _share_for_update(unit, project_id, channel)
    changed = changes.replace_look(unit, page_of_share(share.project_id, share.channel), {})
    if changed:
        unit.record("share.updated", share, changed)


def _share_for_update(unit: WriteUnit, project_id: int, channel: Channel) -> Share:
    project = shares.project_of_shares(unit, project_id)
    unit.principal.require(Permission.SHARES_WRITE)
    projects.check_not_archived(projects.get_for_update(unit, project.uid))
    return require_found(share_queries.share(unit, project, channel), "share")


def _for_update(
    unit: WriteUnit, project_id: int, channel: Channel, experiment_id: int
) -> tuple[Share, Experiment]:
    share = _share_for_update(unit, project_id, channel)
    owner = queries.of_share(share)
    experiment = require_found(queries.for_update(unit, owner, experiment_id), NOUN)
    unit.check_if_match(experiment.etag)
    return share, experiment
