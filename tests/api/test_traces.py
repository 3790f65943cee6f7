"""What a request led to: one trace over the request, its jobs, and what went out."""

import subprocess
import sys
import time

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from playout.kit import jobs
from playout.kit.jobs.instrumentation import JOBS
from playout.kit.tracing import TRACE_ARGUMENT, Tracing, trace_arguments

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(runtime, monkeypatch):
    """Spans of this process, requests and jobs alike, by name, once they have ended."""
    exporter = InMemorySpanExporter()
    tracing = Tracing.to_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(runtime.tracing, "_tracer", tracing._tracer)

    def ended(*names: str):
        until = time.monotonic() + 10
        while time.monotonic() < until:
            found = {span.name: span for span in exporter.get_finished_spans()}
            if set(names) <= found.keys():
                return [found[name] for name in names]
            time.sleep(0.02)
        raise AssertionError(f"{names} are not all in {sorted(found)}")

    return ended


class TestTraces:
    def test_request_job_and_what_goes_out_are_one_trace(self, web, tenant, spans):
        answer = web.post(
            "/api/v1/videos/",
            json={
                "title": "Traced",
                "workspace": tenant.project_id,
                "source_url": "http://127.0.0.1:1/none.mp4",
            },
            headers=tenant.headers | {"X-Request-Id": "traced-1"},
        )
        assert answer.status_code == 201
        request, job, fetch = spans("POST /api/v1/videos/", "videos.ingest", "GET")
        assert job.context.trace_id == fetch.context.trace_id == request.context.trace_id
        assert job.parent.span_id == request.context.span_id
        assert fetch.parent.span_id == job.context.span_id
        kinds = [each.kind for each in (request, job, fetch)]
        assert kinds == [SpanKind.SERVER, SpanKind.CONSUMER, SpanKind.CLIENT]
        assert request.attributes["http.route"] == "/api/v1/videos/"
        assert request.attributes["http.response.status_code"] == 201
        assert request.attributes["playout.request.id"] == "traced-1"
        assert fetch.attributes["server.address"] == "127.0.0.1"
        assert fetch.status.status_code is StatusCode.ERROR

    def test_a_caller_with_a_trace_finds_playout_in_it(self, web, tenant, spans):
        web.get("/api/v1/tags/", headers=tenant.headers | {"traceparent": CALLER})
        (request,) = spans("GET /api/v1/tags/")
        assert format(request.context.trace_id, "032x") == CALLER.split("-")[1]
        assert format(request.parent.span_id, "016x") == CALLER.split("-")[2]

    @pytest.mark.parametrize("told", ["", "x", "00-0-0-0", "00-" + "0" * 32 + "-" + "0" * 16])
    def test_a_trace_that_is_none_is_left_alone(self, web, tenant, spans, told):
        answer = web.get("/api/v1/tags/", headers=tenant.headers | {"traceparent": told})
        assert answer.status_code == 200
        assert spans("GET /api/v1/tags/")[0].parent is None

    def test_no_address_of_a_client_is_in_a_span(self, web, spans):
        web.get("/v/a-secret-slug?grant=secret")
        (request,) = spans("GET /v/{slug}")
        assert "secret" not in request.to_json()


class TestUntraced:
    def test_a_job_takes_nothing_along(self):
        assert trace_arguments() == {}

    def test_a_job_that_took_something_along_runs_where_nothing_is_traced(
        self, runtime, monkeypatch
    ):
        monkeypatch.setattr(jobs, "trace_arguments", lambda: {TRACE_ARGUMENT: CALLER})
        with runtime.database.write_session() as session:
            jobs.defer(session, jobs.retry_stalled)
        before = JOBS.labels("jobs.retry_stalled", "succeeded")
        ran = before._value.get()
        until = time.monotonic() + 10
        while before._value.get() == ran:
            assert time.monotonic() < until
            time.sleep(0.05)

    def test_neither_the_sdk_nor_the_exporter_is_imported(self):
        code = "import playout.main, sys; print([m for m in sys.modules if m.startswith(%r)])"
        heavy = ("opentelemetry.sdk.", "opentelemetry.exporter.")
        told = subprocess.run(
            [sys.executable, "-c", code % (heavy,)], capture_output=True, check=True
        )
        assert told.stdout.strip() == b"[]"
