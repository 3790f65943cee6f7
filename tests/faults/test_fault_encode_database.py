"""What is encoded while the database is away is kept: the encode goes on, and its result waits."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from playout.core.media.model import Asset
from playout.core.processing.ingest import IngestJob
from playout.core.videos.model import Video
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from playout.transcode.errors import MediaRejected
from playout.web import application
from playout.worker import Worker
from tests.helpers.live import until
from tests.helpers.live_clips import make_heavy_clip
from tests.helpers.pgbouncer import postgres_proxy
from tests.helpers.tcp_proxy import TcpProxy
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow

INGEST = text("SELECT status, attempts FROM procrastinate_jobs WHERE task_name = 'videos.ingest'")
PROGRESS = text("SELECT stage, progress FROM assets WHERE stage IS NOT NULL")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A Playout without a worker."""
    with running(Settings(data_dir=tmp_path_factory.mktemp("data"))) as runtime:
        yield runtime


@pytest.fixture
def far_away(runtime: Runtime) -> Iterator[tuple[Runtime, TcpProxy]]:
    """A Playout for a worker, and its way to the database."""
    with postgres_proxy(runtime.database.url) as (proxy, url):
        settings = runtime.settings.model_copy(
            update={"database_url": url, "ladder_concurrency": 0, "encoder_preset": "slow"}
        )
        with running(settings) as here:
            yield here, proxy


@pytest.fixture
def proxy(far_away: tuple[Runtime, TcpProxy]) -> Iterator[TcpProxy]:
    """The way from a worker to its database."""
    here, proxy = far_away
    worker = Worker(here)
    worker.start()
    yield proxy
    worker.stop()


def row(runtime: Runtime, query) -> tuple:
    with runtime.database.read_session() as session:
        return tuple(session.execute(query).one_or_none() or ())


class TestEncode:
    def test_it_goes_on_and_is_done_in_one_attempt(
        self, runtime: Runtime, proxy: TcpProxy, tmp_path: Path
    ) -> None:
        tenant = found_tenant(runtime)
        with TestClient(application(runtime), headers=tenant.headers) as client:
            body = {"title": "Heavy", "workspace": tenant.project_id}
            video = client.post("/api/v1/videos/", json=body).json()
            client.put(
                f"/api/v1/videos/{video['id']}/source/",
                content=make_heavy_clip(tmp_path / "heavy.mp4", 30).read_bytes(),
                headers={"Content-Type": "application/octet-stream"},
            )
            until(lambda: row(runtime, PROGRESS)[:1] == ("encoding",), 30, "the encode")
            with proxy.cut_off():
                before = row(runtime, PROGRESS)
                time.sleep(7)
                assert row(runtime, PROGRESS) == before
            until(lambda: row(runtime, PROGRESS) != before, 10, "progress")
            path = f"/api/v1/videos/{video['id']}/"
            while client.get(path).json()["status"] == "in_progress":
                assert row(runtime, INGEST) in {("doing", 0), ()}
                time.sleep(0.2)
            assert client.get(path).json()["status"] == "completed"


class TestFailure:
    def test_it_is_recorded_as_soon_as_the_database_is_back(
        self, runtime: Runtime, far_away: tuple[Runtime, TcpProxy]
    ) -> None:
        tenant, (here, proxy) = found_tenant(runtime), far_away

        class RejectedDuringOutage(IngestJob):
            def work(self, asset: Asset, video: Video) -> None:
                outage = ExitStack()
                outage.enter_context(proxy.cut_off())
                Timer(2, outage.close).start()
                raise MediaRejected("This is no video.")

        with TestClient(application(runtime), headers=tenant.headers) as client:
            body = {"title": "Text", "workspace": tenant.project_id}
            path = f"/api/v1/videos/{client.post('/api/v1/videos/', json=body).json()['id']}/"
            binary = {"Content-Type": "application/octet-stream"}
            video = client.put(f"{path}source/", content=b"text", headers=binary).json()
            with runtime.database.read_session() as session:
                query = select(Video.pending_asset_id).where(Video.id == video["id"])
                asset_id = session.scalars(query).one()
            RejectedDuringOutage(here, asset_id, 5).run()
            found = client.get(path).json()
            assert (found["status"], found["failure_reason"]) == ("failed", "This is no video.")
