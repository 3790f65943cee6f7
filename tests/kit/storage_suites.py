"""Storages that the same tests run over: a folder, and S3 as moto serves it on loopback."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from playout.kit.storage import Storage

BUCKET = "videos"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@contextmanager
def local(folder: Path) -> Iterator[tuple[Storage, object]]:
    """The storage, and a function that lists what is in it."""
    root = folder / "files"

    def keys() -> list[str]:
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    yield Storage.open(None, root), keys


@contextmanager
def s3() -> Iterator[tuple[Storage, object]]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        server.start()
        try:
            host, port = server.get_host_and_port()
            endpoint = f"http://{host}:{port}"
            client = boto3.client("s3", endpoint_url=endpoint)
            client.create_bucket(Bucket=BUCKET)

            def keys() -> list[str]:
                listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
                parts = client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
                kept = [each["Key"].removeprefix("some/prefix/") for each in listed]
                return sorted(kept) + [f"unfinished {each['Key']}" for each in parts]

            storage = Storage.open(f"s3://{BUCKET}/some/prefix", Path("unused"), endpoint)
            yield storage, keys
        finally:
            server.stop()


def read(storage: Storage, key: str, start: int, end: int) -> bytes:
    async def whole() -> bytes:
        return b"".join([chunk async for chunk in storage.read(key, start, end)])

    return asyncio.run(whole())
