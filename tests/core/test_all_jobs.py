"""The list of all jobs: whole, typed, and with the names that databases hold."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import playout.core
from playout.jobs import DISPATCHER_JOBS, JOBS, RENDERER_JOBS
from playout.kit.jobs import Job

ALL = (*JOBS, *DISPATCHER_JOBS, *RENDERER_JOBS)
STORED = {
    "videos.ingest": ("media", {"asset_id"}),
    "videos.ladder": ("ladder", {"asset_id"}),
    "videos.pictures": ("pictures", {"asset_id"}),
    "videos.poster": ("media", {"video_id", "claim", "seconds", "at_once"}),
    "films.base": ("ladder", {"asset_id", "base_id"}),
    "renders.segment": ("render", {"film", "rendition", "number", "until"}),
    "renders.remove_segments": ("upkeep", {"files"}),
    "recipients.remove_expired": ("upkeep", set()),
    "renders.remove_expired": ("upkeep", set()),
    "uploads.join": ("uploads", {"asset_id"}),
    "uploads.sweep": ("upkeep", set()),
    "distributions.announce": ("upkeep", {"video_id"}),
    "webhooks.fan_out": ("webhooks", {"event_ids"}),
    "webhooks.send": ("webhooks", {"endpoint_id"}),
    "webhooks.sweep": ("webhooks", set()),
    "webhooks.forget": ("webhooks", set()),
    "upkeep.forget_answers": ("upkeep", set()),
    "upkeep.add_up_counts": ("upkeep", set()),
    "upkeep.sweep_storage": ("upkeep", set()),
    "analytics.roll_up": ("upkeep", set()),
    "analytics.update_totals": ("upkeep", set()),
    "experiments.count_days": ("upkeep", set()),
    "accounts.deliver_mail": ("upkeep", {"to", "subject", "sealed"}),
}
"""The queue and the arguments of each job, as older versions deferred it. A line goes only with a
migration that deletes its jobs."""
WRONG = "# wrong"
SNIPPET = f"""\
from uuid import UUID

from playout.core.processing.ladder import encode_ladder
from playout.core.unit import WriteUnit
from playout.core.webhooks.jobs import fan_out, send_due
from playout.kit.jobs import Job, periodic_job
from playout.runtime import Runtime


def use(unit: WriteUnit, asset_id: UUID) -> None:
    unit.defer(encode_ladder, asset_id)
    unit.defer(encode_ladder, asset_id=asset_id)
    unit.defer(fan_out, [1, 2])
    unit.defer(encode_ladder, str(asset_id))  {WRONG}
    unit.defer(encode_ladder)  {WRONG}
    unit.defer(encode_ladder, video_id=asset_id)  {WRONG}
    unit.defer("videos.ladder", asset_id)  {WRONG}
    unit.defer(fan_out, ["a"])  {WRONG}


ladder: Job[Runtime, [UUID]] = encode_ladder
send: Job[Runtime, [int]] = send_due  {WRONG}


@periodic_job(name="tests.tick", queue="upkeep", cron="* * * * *")  {WRONG}
def tick(runtime: Runtime, more: int) -> None: ...
"""


def declared() -> set[Job]:
    """Every job of core, wherever it is declared."""
    modules = pkgutil.walk_packages(playout.core.__path__, "playout.core.")
    return {
        value
        for module in modules
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Job)
    }


class TestList:
    def test_it_has_every_job_of_core_once(self):
        assert set(ALL) == declared()
        assert len(ALL) == len({each.name for each in ALL})

    def test_jobs_keep_the_names_queues_and_arguments_that_databases_hold(self):
        ours = {each.name: (each.queue, {*each.parameters}) for each in ALL}
        assert ours == STORED

    def test_a_uuid_is_stored_as_text(self):
        (ingest,) = (each for each in JOBS if each.name == "videos.ingest")
        assert ingest.encode(UUID(int=7)) == {"asset_id": str(UUID(int=7))}


class TestTypes:
    def test_a_wrong_argument_is_an_error_for_the_type_checker(self, repository: Path, tmp_path):
        file = tmp_path / "snippet.py"
        file.write_text(SNIPPET)
        mypy = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(file)]
        environment = os.environ | {"MYPYPATH": str(repository / "src")}
        told = subprocess.run(
            mypy, cwd=repository, env=environment, capture_output=True, text=True, check=False
        )
        found = re.findall(r"snippet\.py:(\d+): error", told.stdout)
        lines = enumerate(SNIPPET.splitlines(), start=1)
        assert sorted(map(int, found)) == [n for n, line in lines if WRONG in line], told.stdout

    def test_nothing_defers_a_job_by_its_name(self, repository: Path):
        source = repository / "src" / "playout"
        by_name = re.compile(r"""\bdefer\(\s*(?:\w+,\s*)?f?["']""")
        assert [str(p) for p in source.rglob("*.py") if by_name.search(p.read_text())] == []
