"""An object store that answers 500 and cuts connections: callers are told, jobs come back, and no
byte that is stored or sent is wrong."""

import hashlib
import secrets
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
import uvicorn

from playout.core.processing.ingest import IngestJob, ingest_source
from playout.core.processing.ladder import encode_ladder
from playout.core.uploads.jobs import join_parts
from playout.core.uploads.joining import join
from playout.kit.errors import Unavailable
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from playout.web import application
from tests.faults.helpers.uploads import TUS, asset_of, check_unavailable, metadata, send, stored
from tests.helpers.fault_proxy import FaultProxy, cut_answer, cut_request, status
from tests.helpers.live import create_video, retrieve, upload
from tests.helpers.live_clips import H264, make_clip
from tests.helpers.storage_suites import URL, spoilt_s3
from tests.helpers.tenants import Tenant, found_tenant

pytestmark = pytest.mark.slow

JOBS = [ingest_source, encode_ladder, join_parts]


@pytest.fixture(scope="module")
def spoilt():
    with spoilt_s3() as (_, keys, proxy):
        yield keys, proxy


@pytest.fixture
def keys(spoilt):
    """What is in the storage, but for what is there for good."""
    before = set(spoilt[0]())
    return lambda: sorted(set(spoilt[0]()) - before)


@pytest.fixture
def proxy(spoilt) -> FaultProxy:
    return spoilt[1]


@pytest.fixture(scope="module")
def runtime(spoilt, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Playout over that storage; its jobs run when a test runs them."""
    folder = tmp_path_factory.mktemp("data")
    with running(
        Settings(data_dir=folder, storage_url=URL, storage_endpoint=spoilt[1].url)
    ) as runtime:
        yield runtime


@pytest.fixture(scope="module")
def tenant(runtime: Runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture(scope="module")
def client(runtime: Runtime, tenant: Tenant) -> Iterator[httpx2.Client]:
    """Speaks to a real server: only that can break a connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(runtime), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with httpx2.Client(base_url=url, headers=tenant.headers, timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clip = tmp_path_factory.mktemp("clips") / "clip.mp4"
    make_clip(clip, *H264, seconds=1)
    return clip


@pytest.fixture(scope="module")
def playing(runtime, client, tenant, clip) -> tuple[str, bytes]:
    """The address of a file, and its bytes."""
    video = create_video(client, tenant.project_id)
    upload(client, video["id"], clip)
    IngestJob(runtime, asset_of(runtime, video).id, 5).run()
    url = httpx2.URL(str(retrieve(client, video["id"])["video"]))
    address = url.raw_path.decode()
    return address, client.get(address).content


@pytest.fixture
def draft(client: httpx2.Client, tenant: Tenant) -> dict[str, object]:
    return create_video(client, tenant.project_id)


class TestUpload:
    @pytest.mark.parametrize(
        "fault",
        [
            ("POST", "?uploads", status(500)),
            ("PUT", "partNumber=1", status(503)),
            ("PUT", "partNumber=2", cut_request),
            ("POST", "?uploadId", status(500)),
        ],
        ids=["opening", "part, 503", "part, cut", "closing"],
    )
    def test_is_refused_whole_and_works_again_afterwards(
        self, runtime, client, proxy, keys, draft, clip, fault
    ):
        with proxy.spoils(*fault):
            check_unavailable(upload(client, draft["id"], clip))
        assert keys() == []
        assert retrieve(client, draft["id"])["status"] == "not_started"
        assert upload(client, draft["id"], clip).status_code == 200
        asset = asset_of(runtime, draft)
        assert keys() == [asset.source_key]
        sha256 = hashlib.sha256(clip.read_bytes()).hexdigest()
        assert stored(runtime, asset) == asset.source_sha256 == sha256


class TestResumableUpload:
    @pytest.mark.parametrize("fault", [status(500), cut_request], ids=["500", "cut"])
    def test_goes_on_where_the_storage_failed(self, runtime, client, proxy, keys, draft, fault):
        content = secrets.token_bytes(25_000)
        said = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata(draft)}
        address = client.post("/uploads/", headers=said).headers["location"]
        with proxy.spoils("PUT", "/uploads/", fault):
            check_unavailable(send(client, address, 0, content[:5000]))
        assert keys() == []
        assert send(client, address, 0, content[:5000]).status_code == 204
        with proxy.spoils("PUT", "/uploads/", fault):
            check_unavailable(send(client, address, 5000, content[5000:]))
        assert client.head(address, headers=TUS).headers["upload-offset"] == "5000"
        assert send(client, address, 5000, content[5000:]).status_code == 204
        asset = asset_of(runtime, draft)
        with proxy.spoils("GET", "/uploads/", cut_answer), pytest.raises(Unavailable):
            join(runtime, asset.id, last_try=False)
        assert not [key for key in keys() if key.startswith("sources/")]
        join(runtime, asset.id, last_try=False)
        asset = asset_of(runtime, draft)
        assert keys() == [asset.source_key]
        sha256 = hashlib.sha256(content).hexdigest()
        assert stored(runtime, asset) == asset.source_sha256 == sha256


class TestJobs:
    def test_come_back_when_the_storage_fails_until_the_video_is_complete(
        self, runtime, client, proxy, keys, draft, clip
    ):
        upload(client, draft["id"], clip)
        asset = asset_of(runtime, draft)
        faults = [
            ("GET", "/sources/", status(500)),
            ("GET", "/sources/", cut_answer),
            ("PUT", "/media/", cut_request),
            ("POST", "/media/", status(503)),
        ]
        for fault in faults:
            with proxy.spoils(*fault), pytest.raises(Unavailable):
                IngestJob(runtime, asset.id, 5).run()
            assert retrieve(client, draft["id"])["status"] == "in_progress"
            # What an attempt did store is swept once a day; the source is what may not be lost.
            assert asset.source_key in keys()
        IngestJob(runtime, asset.id, 5).run()
        assert retrieve(client, draft["id"])["status"] == "completed"

    @pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
    def test_are_tried_again_later(self, job):
        failed = SimpleNamespace(attempts=3)
        decision = job.retry.get_retry_decision(exception=Unavailable("away"), job=failed)
        assert decision is not None


class TestServing:
    @pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-40000"}], ids=["whole", "range"])
    def test_a_file_that_breaks_off_is_never_taken_for_whole(self, client, proxy, playing, headers):
        address, content = playing
        assert len(content) > 40_000
        with proxy.spoils("GET", "/media/", cut_answer), pytest.raises(httpx2.RemoteProtocolError):
            client.get(address, headers=headers)

    @pytest.mark.parametrize("fault", [status(500), cut_answer], ids=["500", "cut"])
    def test_what_fails_once_reaches_the_viewer_whole(self, client, proxy, playing, fault):
        address, content = playing
        with proxy.spoils("GET", "/media/", fault, times=1):
            answer = client.get(address, headers={"Range": "bytes=1-40000"})
        assert (answer.status_code, answer.content) == (206, content[1:40001])

    def test_a_storage_that_fails_before_the_first_byte_is_a_503(self, client, proxy, playing):
        with proxy.spoils("GET", "/media/", status(500)):
            answer = client.get(playing[0], headers={"Range": "bytes=1-40000"})
        assert answer.status_code == 503
        assert "content-range" not in answer.headers
