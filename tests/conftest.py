"""Fixtures of all tests: one real installation for each test process, and tenants in it."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from playout.web import application
from playout.worker import Worker
from tests.helpers.live import spare_the_disk
from tests.helpers.tenants import EXTERNAL, Tenant, bearer, found_tenant

SLOW_FIXTURES = frozenset(
    {"browser", "encodings", "ladders", "live", "player_site", "tab", "tools"}
)
"""Fixtures of browsers, of encoders and of servers in processes of their own."""
DELETE_WAITING = text(
    "DELETE FROM procrastinate_jobs WHERE queue_name IN ('ladder', 'pictures') AND status = 'todo'"
)


def pytest_xdist_auto_num_workers() -> int:
    """Use one worker more than there are cores: half of the time, a slow test waits."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a slow fixture as slow: `make check` leaves them out."""
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running Playout on an embedded PostgreSQL, with a worker.

    The worker makes sources playable and leaves renditions and pictures to others: `ladders`.
    """
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        public_url="http://testserver",
        encoder_preset="ultrafast",
        ladder_concurrency=0,
        outbound_allow=(ip_network("127.0.0.0/8"),),
        # Tests count days of long ago, which a job would delete meanwhile.
        analytics_event_days=30_000,
        analytics_days=30_000,
    )
    with running(settings) as runtime:
        spare_the_disk(runtime)
        worker = Worker(runtime)
        worker.start()
        yield runtime
        worker.stop()


@pytest.fixture(scope="module")
def ladders(runtime: Runtime) -> Iterator[None]:
    """A second worker, which makes the renditions and pictures of what comes in from now on."""
    with runtime.database.write_session() as session:
        session.execute(DELETE_WAITING)
    settings = runtime.settings.model_copy(update={"ladder_concurrency": 1})
    worker = Worker(
        replace(
            runtime,
            settings=settings,
            find_tools=lambda: runtime.tools,
            stopping=threading.Event(),
        )
    )
    worker.start()
    yield
    worker.stop()


@pytest.fixture(scope="session")
def web(runtime: Runtime) -> Iterator[TestClient]:
    """The web application over that runtime, without a credential; in the loop of the server."""
    loop = {"use_uvloop": True}
    app = application(runtime)
    with TestClient(app, raise_server_exceptions=False, backend_options=loop) as client:
        yield client


@pytest.fixture
def tenant(runtime: Runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture
def other_tenant(runtime: Runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture
def make_video(web: TestClient, tenant: Tenant):
    """Enters a completed video through the Videos API and returns its JSON."""

    def make(key: str | None = None, **fields: object) -> dict[str, object]:
        body = {"title": "A video", "workspace": tenant.project_id, "external_url": EXTERNAL}
        answer = web.post("/api/v1/videos/", json=body | fields, headers=bearer(key or tenant.key))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[1]
