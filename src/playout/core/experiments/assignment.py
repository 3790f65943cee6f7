"""Assignment: which variant a visitor gets, by a hash and nothing that is stored.

A visitor is that of a day, or a guest link. The same one always gets the same variant.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from playout.core.experiments.model import Experiment


@dataclass(frozen=True, slots=True)
class Running:
    """A running experiment, as processes hold it in memory."""

    id: int
    keys: tuple[str, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The variant of an experiment that somebody sees."""

    experiment_id: int
    key: str


def running(experiment: Experiment) -> Running:
    """Return what is needed to assign variants of an experiment."""
    keys = tuple(each["key"] for each in experiment.variants)
    return Running(experiment.id, keys, tuple(each["weight"] for each in experiment.variants))


def assign(experiment: Running, visitor: int) -> Shown:
    """Return the variant of a visitor."""
    digest = hashlib.blake2b(f"{experiment.id}\n{visitor}".encode(), digest_size=8).digest()
    place = int.from_bytes(digest) / 2**64 * sum(experiment.weights)
    return Shown(experiment.id, experiment.keys[_index(experiment.weights, place)])


def first(experiment: Running) -> Shown:
    """Return the first variant, for programs and for whoever is not counted."""
    return Shown(experiment.id, experiment.keys[0])


def _index(weights: Sequence[int], place: float) -> int:
    for index, weight in enumerate(weights):
        place -= weight
        if place < 0:
            return index
    return len(weights) - 1
