"""What is not well, and who is taken out of service for it."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from playout.kit.errors import StorageFull
from playout.kit.storage.store import Storage
from playout.web import application
from tests.helpers.storage_suites import moto, opened
from tests.helpers.tcp_proxy import TcpProxy, tcp_proxy


@pytest.fixture(scope="module")
def proxy() -> Iterator[TcpProxy]:
    with moto() as (address, _), tcp_proxy(address) as proxy:
        yield proxy


@pytest.fixture
def client(runtime, proxy: TcpProxy) -> Iterator[TestClient]:
    """A client of a server whose object store is behind the proxy."""
    storage = opened(f"http://127.0.0.1:{proxy.port}")
    with TestClient(application(replace(runtime, storage=storage))) as client:
        yield client


class TestSilentObjectStore:
    def test_forty_probes_take_two_seconds_and_no_request_waits_for_them(
        self, client, proxy, tenant
    ):
        assert client.get("/readyz").json()["parts"]["storage"]["ok"]
        time.sleep(1.1)  # the result is used again for a second
        with proxy.hanging(), ThreadPoolExecutor(41) as threads:
            started = time.monotonic()
            probes = [threads.submit(client.get, "/readyz") for _ in range(40)]
            answer = client.get("/productions", headers=tenant.headers)
            assert answer.status_code == 200
            assert time.monotonic() - started < 2
            reports = [probe.result() for probe in probes]
            assert time.monotonic() - started < 4
        assert {report.status_code for report in reports} == {503}
        parts = reports[0].json()["parts"]
        assert not parts["storage"]["ok"]
        assert parts["database"]["ok"]

    def test_a_bucket_that_does_not_exist_is_not_ready(self, proxy, runtime):
        storage = Storage.open(
            "s3://nothing", runtime.job_folders, f"http://127.0.0.1:{proxy.port}"
        )
        with TestClient(application(replace(runtime, storage=storage))) as client:
            answer = client.get("/readyz")
        assert answer.status_code == 503
        assert not answer.json()["parts"]["storage"]["ok"]


class TestFullDisk:
    def test_a_server_that_can_only_read_is_degraded_and_stays_in_service(self, runtime):
        class Full(Storage):
            def check(self, key: str) -> None:
                raise StorageFull(f"The storage is full: {secrets.token_hex(2)}.")

            def free_bytes(self) -> int | None:
                return 0

        storage = Full(runtime.storage.store, runtime.storage.folder)
        with TestClient(application(replace(runtime, storage=storage))) as client:
            answer = client.get("/readyz")
        assert answer.status_code == 200
        report = answer.json()
        assert report["status"] == "degraded"
        failed = {name for name, part in report["parts"].items() if not part["ok"]}
        assert {"storage_write", "disk"} <= failed
        assert report["parts"]["storage"]["ok"]
