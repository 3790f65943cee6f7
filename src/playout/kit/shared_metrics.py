"""Metrics of several processes that share a port: each of them answers for all.

Each process writes its numbers into a folder, once a second. What an ended process counted is
added to a file of its own, because a counter must never go back.
"""

import json
import os
import secrets
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import Metric
from prometheus_client.registry import Collector

WRITE_EVERY = 1.0
"""Seconds between two times that a process writes its numbers."""
ENDED = "ended.json"
REMEMBERED = 100
"""Names of ended processes that are remembered, so that none is counted twice."""

Sample = tuple[str, dict[str, str], float]
Family = tuple[str, str, str, list[Sample]]
"""Name, type, description and samples of a metric, as they are written."""


class SharedMetrics(Collector):
    """The metrics of all processes that share a folder.

    Those of this process are what `collectors` say now. Those of others are a second old at most.
    """

    def __init__(self, folder: Path, collectors: Sequence[Collector]) -> None:
        self._folder = folder
        self._path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._collectors = collectors
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)

    def start(self) -> None:
        """Write the numbers of this process from now on."""
        self._write()
        self._thread.start()

    def stop(self) -> None:
        """Write the last numbers of this process."""
        self._stop.set()
        self._thread.join(timeout=5)
        self._write()

    def collect(self) -> Iterable[Metric]:
        """Return the metrics of all processes together."""
        # In this order: a process that ends meanwhile is in one of both.
        others = {path.name: _read(path) for path in self._folder.glob("*-*.json")}
        ended = _read(self._folder / ENDED)
        counted = {self._path.name, *ended.get("names", ())}
        families = [
            each["families"] for name, each in others.items() if name not in counted and each
        ]
        return map(_metric, _sum([self._own(), *families, ended.get("families", [])]))

    def _own(self) -> list[Family]:
        return [_family(metric) for each in self._collectors for metric in each.collect()]

    def _run(self) -> None:
        while not self._stop.wait(WRITE_EVERY):
            self._write()

    def _write(self) -> None:
        with suppress(OSError):  # a full disk takes away a second of numbers, and nothing else
            _replace(self._path, {"families": self._own()})


def add_ended(folder: Path, pid: int) -> None:
    """Keep what an ended process counted. Only one process may call this."""
    for path in folder.glob(f"{pid}-*.json"):
        last, ended = _read(path), _read(folder / ENDED)
        counts = [each for each in last.get("families", []) if each[1] != "gauge"]
        names = [*ended.get("names", ()), path.name][-REMEMBERED:]
        families = _sum([ended.get("families", []), counts])
        _replace(folder / ENDED, {"names": names, "families": families})
        path.unlink()


def _family(metric: Metric) -> Family:
    samples = [
        (each.name, dict(each.labels), float(each.value))
        for each in metric.samples
        if not each.name.endswith("_created")
    ]
    return metric.name, metric.type, metric.documentation, samples


def _metric(family: Family) -> Metric:
    name, type_, description, samples = family
    metric = Metric(name, description, type_)
    for sample, labels, value in samples:
        metric.add_sample(sample, labels, value)
    return metric


def _sum(processes: Iterable[Iterable[Family]]) -> list[Family]:
    """Return the metrics of all processes, with the sums of samples that have the same labels."""
    described: dict[str, tuple[str, str]] = {}
    sums: dict[str, dict[tuple[Any, ...], float]] = {}
    for families in processes:
        for name, type_, description, samples in families:
            described.setdefault(name, (type_, description))
            numbers = sums.setdefault(name, {})
            for sample, labels, value in samples:
                key = (sample, tuple(labels.items()))
                numbers[key] = numbers.get(key, 0.0) + value
    return [
        (name, *about, [(key[0], dict(key[1]), value) for key, value in sums[name].items()])
        for name, about in described.items()
    ]


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content


def _replace(path: Path, content: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(content))
    draft.replace(path)
