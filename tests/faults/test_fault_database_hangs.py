"""A PostgreSQL that hangs: memory is served for a second, then everything fails soon."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx2
import psycopg
import pytest
from starlette.testclient import TestClient

from playout.kit.database.connections import answers_within, connection_arguments
from playout.main import running
from playout.web import application
from tests.helpers.pgbouncer import postgres_proxy
from tests.helpers.tcp_proxy import TcpProxy
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow

PATIENCE = 10.0
BUSY_SECONDS = 3
"""More than an answer takes by itself: the machine that runs the tests may be busy."""


@pytest.fixture(scope="module")
def hung_up(runtime) -> Iterator[tuple[TestClient, TcpProxy, object]]:
    """A client of a server whose database is behind a proxy, and that proxy."""
    with postgres_proxy(runtime.database.url) as (proxy, url):
        settings = runtime.settings.model_copy(update={"database_url": url})
        with running(settings) as here, TestClient(application(here)) as client:
            yield client, proxy, here


def timed(client: TestClient, path: str, **kwargs: object) -> tuple[float, httpx2.Response]:
    started = time.monotonic()
    answer = client.get(path, **kwargs)
    return time.monotonic() - started, answer


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestHungDatabase:
    def test_cached_pages_are_served_for_a_second_and_refused_within_a_second_then(self, hung_up):
        client, proxy, here = hung_up
        until(lambda: here.invalidations.connected)
        assert client.get("/").status_code == 200
        with proxy.hanging():
            assert timed(client, "/")[1].status_code == 200
            until(lambda: not here.invalidations.connected)
            with ThreadPoolExecutor(40) as threads:
                answers = list(threads.map(lambda _: timed(client, "/"), range(40)))
            for seconds, answer in answers:
                assert seconds < 1 + BUSY_SECONDS
                assert answer.status_code == 503
                assert int(answer.headers["Retry-After"]) > 0
        until(lambda: client.get("/").status_code == 200)
        until(lambda: here.invalidations.connected)

    def test_requests_of_the_apis_are_refused_in_some_seconds(self, hung_up, runtime):
        client, proxy, _ = hung_up
        tenant = found_tenant(runtime)
        time.sleep(1.1)  # connections that were used just now are not tested
        with proxy.hanging(), ThreadPoolExecutor(40) as threads:

            def ask(_: int) -> tuple[float, httpx2.Response]:
                return timed(client, "/productions", headers=tenant.headers)

            answers = list(threads.map(ask, range(40)))
        assert max(seconds for seconds, _ in answers) < 12
        for _, answer in answers:
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
        until(lambda: client.get("/productions", headers=tenant.headers).status_code == 200)

    def test_health_says_so_within_two_seconds(self, hung_up):
        client, proxy, here = hung_up
        until(lambda: here.invalidations.connected)
        time.sleep(1.1)
        with proxy.hanging():
            seconds, answer = timed(client, "/readyz")
        assert seconds < 3
        assert answer.status_code == 503


class TestConnections:
    def test_a_question_is_given_up_in_time(self, hung_up, runtime):
        with (
            postgres_proxy(runtime.database.url) as (proxy, url),
            closing(psycopg.connect(url)) as asked,
        ):
            assert answers_within(asked, "SELECT 1", 5)
            assert not answers_within(asked, "SELECT 1 / 0", 5)
            with proxy.hanging():
                started = time.monotonic()
                assert not answers_within(asked, "SELECT 1", 0.3)
                assert time.monotonic() - started < 3

    def test_every_connection_notices_a_machine_that_is_gone(self):
        arguments = connection_arguments("postgresql://user@host/name?connect_timeout=9")
        assert arguments["tcp_user_timeout"] == 10_000
        assert arguments["keepalives_idle"] + 2 * 3 <= 30
        assert "connect_timeout" not in arguments
