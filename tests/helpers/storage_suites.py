"""Storages for tests: a local folder, and S3 as moto serves it on loopback."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import boto3
import httpx2
import pytest
from moto.s3 import models
from moto.server import ThreadedMotoServer

from playout.kit.storage import multipart as parts
from playout.kit.storage import store as storage
from playout.kit.storage.store import Storage
from tests.helpers.fault_proxy import FaultProxy, proxy_before
from tests.helpers.live import PLAIN

BUCKET = "videos"
SMALL_PART = 16 * 1024
URL = f"s3://{BUCKET}/some/prefix"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def local(folder: Path) -> Iterator[tuple[Storage, object]]:
    """Yield the storage, and a function that lists its files."""
    root = folder / "files"

    def keys() -> list[str]:
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    yield Storage.open(None, root), keys


@contextmanager
def s3() -> Iterator[tuple[Storage, object]]:
    with moto() as (address, keys):
        yield opened("http://{}:{}".format(*address)), keys


@contextmanager
def spoilt_s3() -> Iterator[tuple[Storage, object, FaultProxy]]:
    """Yield S3 behind a proxy that fails on demand, with small parts and few retries."""
    with (
        moto() as (address, keys),
        proxy_before(address) as proxy,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(models, "S3_UPLOAD_PART_MIN_SIZE", 1)
        for module in (storage, parts):
            patch.setattr(module, "PART_BYTES", SMALL_PART)
        patch.setattr(storage, "CHUNK_BYTES", SMALL_PART // 4)
        patch.setitem(storage.RETRY, "max_retries", 2)
        patch.setitem(storage.RETRY, "backoff", {"init_backoff": timedelta(seconds=0.01)})
        yield opened(proxy.url), keys, proxy


def opened(endpoint: str) -> Storage:
    return Storage.open(URL, Path("unused"), endpoint)


@contextmanager
def moto() -> Iterator[tuple[tuple[str, int], object]]:
    """Yield the address of an S3 server, and a function that lists its files."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        server.start()
        try:
            host, port = server.get_host_and_port()
            client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
            client.create_bucket(Bucket=BUCKET)

            def keys() -> list[str]:
                listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
                unfinished = client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
                kept = [each["Key"].removeprefix("some/prefix/") for each in listed]
                return sorted(kept) + [f"unfinished {each['Key']}" for each in unfinished]

            yield (host, port), keys
            # moto keeps its files in the process: the next server would have them, too.
            reset = httpx2.post(f"http://{host}:{port}/moto-api/reset", verify=PLAIN)
            reset.raise_for_status()
        finally:
            server.stop()


def read(store: Storage, key: str, start: int, end: int) -> bytes:
    async def whole() -> bytes:
        return b"".join([chunk async for chunk in store.read(key, start, end)])

    return asyncio.run(whole())
