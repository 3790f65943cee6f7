"""What all tests share: one real installation a test process, and tenants in it."""

import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from starlette.testclient import TestClient
from tenants import EXTERNAL, Tenant, bearer, found_tenant

from playout.core.processing import ladder, pictures
from playout.core.processing.media_job import MediaJob
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from playout.web import application
from playout.worker import Worker

LADDERS = threading.Event()
"""Set while there is a test that looks at what follows behind a video that plays."""


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running Playout on an embedded PostgreSQL, its worker included.

    Renditions and pictures are made for those alone who use `ladders`.
    """
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        public_url="http://testserver",
        encoder_preset="ultrafast",
        outbound_allow=(ip_network("127.0.0.0/8"),),
    )
    with running(settings) as runtime, pytest.MonkeyPatch.context() as patch:
        for module, name in ((ladder, "LadderJob"), (pictures, "PicturesJob")):
            patch.setattr(module, name, _when_looked_at(getattr(module, name)))
        worker = Worker(runtime)
        worker.start()
        yield runtime
        worker.stop()


def _when_looked_at(attempt: Callable[..., MediaJob]) -> Callable[..., Any]:
    return lambda *given: attempt(*given) if LADDERS.is_set() else Mock()


@pytest.fixture(scope="module")
def ladders() -> Iterator[None]:
    """Has renditions and pictures made of what comes in."""
    LADDERS.set()
    yield
    LADDERS.clear()


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
