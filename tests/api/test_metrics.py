"""What Prometheus reads."""

import dataclasses
import re
import time
from contextlib import ExitStack, contextmanager

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient

from playout.kit.errors import Unavailable
from playout.kit.metrics import REGISTRY
from playout.kit.rate_limit import RateLimit
from playout.web import application
from tests.api.helpers.event_reader import STREAM, Reader, served
from tests.helpers.tenants import bearer

TOKEN = "a-token-for-tests-only"
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def measured(runtime):
    """The runtime with a token for its metrics."""
    settings = runtime.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    return dataclasses.replace(runtime, settings=settings)


@pytest.fixture(scope="module")
def site(measured):
    with TestClient(application(measured), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def sample(site):
    """The value of a metric with these labels, or None."""

    def sample(name: str, **labels: str) -> float | None:
        answer = site.get("/metrics", headers=bearer(TOKEN))
        assert answer.status_code == 200
        for family in text_string_to_metric_families(answer.text):
            for each in family.samples:
                if each.name == name and each.labels == labels:
                    return each.value
        return None

    return sample


class TestGuard:
    def test_without_a_token_in_the_settings_there_is_no_such_page(self, web):
        for headers in ({}, bearer(TOKEN), bearer("")):
            assert web.get("/metrics", headers=headers).status_code == 404

    @pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", TOKEN, "é"])
    def test_whoever_has_not_the_token_gets_nothing(self, site, given, tenant):
        answer = site.get("/metrics", headers={"Authorization": given.encode()})
        assert answer.status_code == 401
        assert "playout_" not in answer.text
        assert site.get("/metrics", headers=tenant.headers).status_code == 401


class TestCounters:
    def test_requests_are_counted_by_the_template_of_their_route(self, site, sample, tenant):
        labels = {"api": "videos", "route": "/api/v1/videos/{video_id}/"}
        told = labels | {"method": "GET", "status": "404"}
        before = sample("playout_requests_total", **told) or 0
        for number in range(3):
            site.get(f"/api/v1/videos/{10**9 + number}/", headers=tenant.headers)
        assert sample("playout_requests_total", **told) == before + 3
        assert sample("playout_request_seconds_count", **labels) >= 3

    def test_no_address_method_or_name_of_a_client_becomes_a_label(self, site, tenant):
        for number in range(20):
            site.get(f"/api/v1/nothing-{number}/", headers=tenant.headers)
            site.get(f"/nothing-{number}")
            site.get(f"/productions/{number}/nothing", headers=tenant.headers)
            site.request(f"METHOD{number}", "/api/v1/videos/", headers=tenant.headers)
        told = site.get("/metrics", headers=bearer(TOKEN)).text
        assert not re.search(r"nothing-|METHOD\d", told)
        assert 'route="none"' in told

    @pytest.mark.parametrize(
        ("path", "labels"),
        [
            ("/healthz", ("pages", "/healthz")),
            ("/v/none", ("pages", "/v/{slug}")),
            ("/productions/1", ("productions", "/productions/{production_id}")),
            ("/v1/publications/session/x", ("publications", None)),
            ("/api/projects", ("shares", "/api/Projects")),
        ],
    )
    def test_each_room_is_told_apart(self, site, tenant, path, labels):
        site.get(path, headers=tenant.headers)
        api, route = labels
        told = site.get("/metrics", headers=bearer(TOKEN)).text
        assert f'api="{api}"' in told
        assert route is None or f'route="{route}"' in told

    def test_refusals_of_the_rate_limit_are_counted(self, measured, sample, tenant):
        hasty = dataclasses.replace(measured, rate_limit=RateLimit(1, None))
        before = sample("playout_rate_limited_total", api="productions") or 0
        with TestClient(application(hasty)) as client:
            codes = [client.get("/productions", headers=tenant.headers).status_code for _ in "123"]
        assert codes.count(429) >= 1
        refused = sample("playout_rate_limited_total", api="productions")
        assert refused == before + codes.count(429)

    def test_open_streams_are_counted_while_they_are_open(self, measured, sample, tenant):
        with served(measured) as base:
            reader = Reader(f"{base}{STREAM}", tenant.headers)
            reader.until(lambda each: each.retry)
            assert sample("playout_streams") == 1
            reader.close()
            until = time.monotonic() + 5
            while sample("playout_streams") and time.monotonic() < until:
                time.sleep(0.02)
        assert sample("playout_streams") == 0

    def test_bytes_of_sources_are_counted(self, site, sample, tenant, make_video):
        video = make_video(external_url=None)
        before = sample("playout_received_bytes_total")
        site.put(
            f"/api/v1/videos/{video['id']}/source/",
            content=b"x" * 1000,
            headers=tenant.headers | {"Content-Type": "application/octet-stream"},
        )
        assert sample("playout_received_bytes_total") == before + 1000

    def test_what_is_committed_and_the_jobs_for_it_are_counted(self, runtime, make_video):
        def value(name: str, **labels: str) -> float:
            return REGISTRY.get_sample_value(name, labels) or 0

        created, ran = {"type": "video.created"}, {"task": "videos.ingest", "state": "succeeded"}
        events = value("playout_ledger_events_total", **created)
        jobs = value("playout_jobs_total", **ran)
        make_video(external_url=None, source_url="http://127.0.0.1:1/none.mp4")
        assert value("playout_ledger_events_total", **created) == events + 1
        until = time.monotonic() + 10
        while value("playout_jobs_total", **ran) == jobs and time.monotonic() < until:
            time.sleep(0.05)
        assert value("playout_jobs_total", **ran) > jobs, "jobs of earlier tests may end, too"
        assert value("playout_job_seconds_count", task="videos.ingest") >= 1


class TestStanding:
    def test_the_queues_are_told_from_the_database(self, runtime, sample):
        with runtime.database.write_session() as session:
            session.execute(
                text(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
                    " VALUES ('unserved', 'none', 'todo')"
                )
            )
        assert sample("playout_queue_jobs", queue="unserved", state="todo") == 1
        assert sample("playout_database_connections_limit") == runtime.settings.database_pool

    def test_a_transaction_that_keeps_followers_waiting_is_seen(self, runtime, sample):
        with runtime.database.write_session() as session:
            session.execute(text("SELECT pg_current_xact_id()"))
            time.sleep(0.2)
            assert sample("playout_ledger_delay_seconds") >= 0.2

    def test_without_the_database_the_rest_is_told(self, site, measured, monkeypatch):
        @contextmanager
        def away():
            raise Unavailable("It does not answer.")
            yield

        monkeypatch.setattr(measured.monitoring, "read_session", away)
        answer = site.get("/metrics", headers=bearer(TOKEN))
        assert answer.status_code == 200
        assert "playout_requests_total" in answer.text
        assert "playout_queue_jobs" not in answer.text

    def test_requests_that_have_all_connections_keep_nobody_waiting(self, measured, sample):
        with ExitStack() as stack:
            for _ in range(measured.settings.database_pool):
                stack.enter_context(measured.database.engine.connect())
            began = time.monotonic()
            assert sample("playout_database_connections") == measured.settings.database_pool
            assert sample("playout_ledger_delay_seconds") is not None
            assert time.monotonic() - began < 4
