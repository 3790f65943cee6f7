"""Playout behind a real PgBouncer: revocation works, or Playout says that it does not."""

import time

import psycopg
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.database.engine import Database
from playout.kit.invalidation import CHANNEL, PROOF_SECONDS, Invalidations
from playout.main import running
from playout.web import application
from playout.worker import Worker
from tests.helpers.pgbouncer import pgbouncer
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow

PATIENCE = 10.0


@pytest.fixture
def pooled(runtime, request, tmp_path):
    """The URL of the database through a PgBouncer in the mode that the test names."""
    with pgbouncer(runtime.database.url, request.param, tmp_path) as url:
        yield url


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def receives(invalidations: Invalidations, url: str) -> bool:
    """Return True if what another connection invalidates arrives within a second."""
    received: list[str] = []
    invalidations.subscribe(lambda keys: received.extend(keys or ()))
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_notify(%s, 'x')", [CHANNEL])
    time.sleep(1)
    return "x" in received


class TestInvalidations:
    @pytest.mark.parametrize("pooled", ["session"], indirect=True)
    def test_arrive_in_session_mode(self, pooled):
        invalidations = Invalidations(pooled)
        invalidations.start()
        try:
            until(lambda: invalidations.connected)
            assert receives(invalidations, pooled)
        finally:
            invalidations.stop()

    @pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
    def test_are_never_trusted_in_transaction_mode(self, pooled):
        invalidations = Invalidations(pooled)
        invalidations.start()
        try:
            deadline = time.monotonic() + PROOF_SECONDS + 1.5
            while time.monotonic() < deadline:
                assert not invalidations.connected
                time.sleep(0.05)
            assert "PLAYOUT_DATABASE_DIRECT_URL" in (invalidations.problem or "")
        finally:
            invalidations.stop()

    @pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
    def test_arrive_at_the_direct_address(self, runtime, pooled):
        invalidations = Invalidations(pooled, runtime.database.url)
        invalidations.start()
        try:
            until(lambda: invalidations.connected)
            assert receives(invalidations, pooled)
        finally:
            invalidations.stop()


class TestDatabase:
    @pytest.mark.parametrize("pooled", ["session", "transaction"], indirect=True)
    def test_many_transactions_through_the_pooler_succeed(self, runtime, pooled):
        database = Database(pooled, 4, runtime.database.url)
        try:
            for number in range(30):
                with database.write_session() as session, database.read_session() as other:
                    assert session.scalar(text("SELECT CAST(:n AS int)"), {"n": number}) == number
                    assert other.scalar(text("SHOW statement_timeout")) == "30s"
        finally:
            database.close()


class TestPlayout:
    @pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
    def test_with_the_direct_address_a_revoked_key_stops_and_a_worker_works(self, runtime, pooled):
        settings = runtime.settings.model_copy(
            update={"database_url": pooled, "database_direct_url": runtime.database.url}
        )
        tenant = found_tenant(runtime)
        with running(settings) as here, TestClient(application(here)) as client:
            until(lambda: here.invalidations.connected)
            before = client.get("/readyz").json()["parts"]["worker"]["alive"]
            worker = Worker(here)
            worker.start()
            try:
                assert client.get("/productions", headers=tenant.headers).status_code == 200
                with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                    accounts.revoke_key(unit, runtime.credentials.resolve(tenant.key).key_id)
                time.sleep(1)
                assert client.get("/productions", headers=tenant.headers).status_code == 401
                until(lambda: client.get("/readyz").json()["parts"]["worker"]["alive"] > before)
            finally:
                worker.stop()
