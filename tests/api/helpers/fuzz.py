"""Schemathesis over one API: how it is set up, and what it found."""

import os
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from playout.api.event_stream import MAX_SECONDS
from playout.api.request import IDEMPOTENCY_KEY

EXAMPLES = int(os.environ.get("PLAYOUT_TEST_EXAMPLES", "1"))
"""How many to try of each operation, beside those that its schema suggests."""
SETTINGS = Path(__file__).with_name("fuzz.toml")
OWN_MAKING = "example_generating_inner_function"
"""Is named where Hypothesis failed to make a value, once in many runs: nothing was asked yet."""
LIKELY = 0.8
NUMBERS = count()
FORMATS = {
    "uri": ("https://cdn.example.com/a.png", "http://example.com/?b=c#d"),
    "bcp47": ("en", "es-CL", "zh-Hant-TW"),
    "cursor": ("MQ==", "OTk5"),
    "region": ("EU", "NA", "CL"),
}
for name, values in FORMATS.items():
    schemathesis.openapi.format(name, st.sampled_from(values))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Each request is one of its own: under a few keys most would repeat another one."""
    key = (case.headers or {}).get("Idempotency-Key", "")
    if IDEMPOTENCY_KEY.fullmatch(key):
        case.headers["Idempotency-Key"] = f"{key[:200]}.{next(NUMBERS)}"
    # A stream stays for as long as it is asked to: here it tells what is there, and ends.
    stay = str((case.query or {}).get("seconds", MAX_SECONDS))
    if (
        case.path.endswith(("/stream/", "/progress/"))
        and stay.isdecimal()
        and int(stay) <= MAX_SECONDS
    ):
        case.query = {**(case.query or {}), "seconds": 0}


@dataclass
class Run:
    """What came of a run: the answers, and each finding with a request that shows it."""

    answers: Counter[int] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)

    def note(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.ScenarioFinished):
            interactions = event.recorder.interactions.values()
            self.answers.update(each.response.status_code for each in interactions if each.response)
            self.findings |= dict(_failures(event))
        elif isinstance(event, events.NonFatalError) and OWN_MAKING not in str(event.value):
            self.findings[event.label] = str(event.value)
        elif isinstance(event, events.FatalError):
            raise event.exception


def _failures(event: events.ScenarioFinished) -> Iterator[tuple[str, str]]:
    for case_id, checks in event.recorder.checks.items():
        operation = event.recorder.cases[case_id].value.operation.label
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                shown = f"{failure.message}\n{check.failure_info.code_sample}"
                yield f"{operation}: {check.name}: {failure.title}", shown


def fuzz(app: Any, document: str, key: str, known: Mapping[str, str | int]) -> Run:
    """Try an API as its document describes it: its examples, each bound of its schemas, made-up
    values, and one operation after another. `known` has ids of things that are there, by the names
    of the parameters that take them.
    """
    settings = tomllib.loads(SETTINGS.read_text())
    settings["headers"] = {"Authorization": f"Bearer {key}"}
    settings["generation"]["max-examples"] = EXAMPLES
    for name, value in known.items():
        settings["dictionaries"][name] = {"values": [value]}
        settings["parameters"][name] = {"dictionary": name, "probability": LIKELY}
    config = SchemathesisConfig.from_dict(settings)
    schema = schemathesis.openapi.from_asgi(document, app, config=config)
    run = Run()
    for event in from_schema(schema).execute():
        run.note(event)
    return run
