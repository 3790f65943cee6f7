"""A check that hangs delays nobody for long, and runs once, however many ask."""

import asyncio
import threading
import time

import pytest

from playout.kit.health import CHECK_SECONDS, HealthChecks, report


@pytest.fixture
def hung():
    """An event that ends the check that hangs."""
    event = threading.Event()
    yield event
    event.set()


async def ask(checks: HealthChecks, times: int) -> float:
    """Seconds until all of so many callers have an answer."""
    started = time.monotonic()
    await asyncio.gather(*(checks.facts_async() for _ in range(times)))
    return time.monotonic() - started


class TestHealthChecks:
    def test_forty_probes_of_a_part_that_hangs_are_one_run_of_two_seconds(self, hung):
        runs = []

        def hang():
            runs.append(1)
            hung.wait()
            return {}

        checks = HealthChecks({"storage": hang, "database": lambda: {"version": "18"}})
        threads = threading.active_count()
        assert asyncio.run(ask(checks, 40)) < CHECK_SECONDS + 1
        assert len(runs) == 1
        assert threading.active_count() <= threads + 2
        facts = checks.facts()
        assert facts["database"]["ok"]
        assert not facts["storage"]["ok"]
        assert "2 seconds" in facts["storage"]["error"]

    def test_once_it_is_known_that_a_part_hangs_nobody_waits(self, hung):
        checks = HealthChecks({"storage": lambda: {"ok": hung.wait()}})
        checks.facts()
        assert asyncio.run(ask(checks, 40)) < 1

    def test_a_result_is_used_again_for_a_moment(self):
        runs = []
        checks = HealthChecks({"database": lambda: runs.append(1) or {}})
        for _ in range(5):
            assert checks.facts()["database"]["ok"]
        assert len(runs) == 1

    def test_a_check_that_raises_has_failed(self):
        def fail():
            raise RuntimeError("the disk is gone")

        facts = HealthChecks({"disk": fail}).facts()
        assert facts["disk"] == {"ok": False, "error": "the disk is gone"}


class TestReport:
    def test_only_required_parts_make_it_down(self):
        parts = {"database": {}, "disk": {"ok": False}}
        assert report(parts, ["database"])["status"] == "degraded"
        assert report(parts, ["disk"])["status"] == "down"
        assert report({"database": {}}, ["database"])["status"] == "ok"
