"""What all tests share: one real installation a test process, and tenants in it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from tenants import EXTERNAL, Tenant, bearer, found_tenant

from playout.core.runtime import Runtime
from playout.kit.settings import Settings
from playout.main import running
from playout.web import application
from playout.worker import Worker

LEFT_BEHIND = (
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queue_name IN ('ladder', 'pictures')"
)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running Playout on an embedded PostgreSQL, its worker included.

    What follows behind a video that plays is left to `ladders`: most tests do not look at it.
    """
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        public_url="http://testserver",
        encoder_preset="ultrafast",
        ladder_concurrency=0,
        outbound_allow=(ip_network("127.0.0.0/8"),),
    )
    with running(settings) as runtime:
        worker = Worker(runtime)
        worker.start()
        yield runtime
        worker.stop()


@pytest.fixture(scope="module")
def ladders(runtime: Runtime) -> Iterator[None]:
    """One more worker, for renditions and pictures of what comes in from here on."""
    with runtime.database.writing() as session:
        session.execute(text(LEFT_BEHIND))
    settings = runtime.settings.model_copy(update={"ladder_concurrency": 1})
    worker = Worker(replace(runtime, settings=settings, stopping=threading.Event()))
    worker.start()
    yield
    worker.stop()


@pytest.fixture(scope="session")
def web(runtime: Runtime) -> Iterator[TestClient]:
    """The web application over that runtime, without a credential."""
    with TestClient(application(runtime), raise_server_exceptions=False) as client:
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
