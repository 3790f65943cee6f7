"""A download that is under way ends when its address opens nothing any more."""

import asyncio
import time
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from obstore.store import MemoryStore
from starlette.concurrency import run_in_threadpool

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.storage.store import CHUNK_BYTES, Storage
from playout.web import application
from tests.helpers.tenants import bearer
from tests.pages.helpers import stored_video

pytestmark = pytest.mark.slow

CHUNKS = 64
PAUSE = 0.05
"""Seconds between two chunks that the client takes."""
ENDED_WITHIN = 1.0
"""Seconds from the revocation to the last byte."""


class SlowClient:
    """A client that takes a chunk at a time, and lets something happen after the third."""

    def __init__(self, app, address, act) -> None:
        self.app, self.parts, self.act = app, urlsplit(address), act
        self.length, self.received = 0, 0
        self.acted_at, self.last_at = 0.0, 0.0
        self.is_whole = False

    async def download(self) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": self.parts.path,
            "raw_path": self.parts.path.encode(),
            "root_path": "",
            "query_string": self.parts.query.encode(),
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        await self.app(scope, self._receive, self._send)

    async def _receive(self):
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def _send(self, message) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
            self.length = int(dict(message["headers"])[b"content-length"])
            return
        self.received += len(message.get("body", b""))
        self.last_at = time.monotonic()
        if self.received >= 3 * CHUNK_BYTES and self.act is not None:
            act, self.act = self.act, None
            await run_in_threadpool(act)
            self.acted_at = time.monotonic()
        self.is_whole = not message.get("more_body", False)
        await asyncio.sleep(PAUSE)


@pytest.fixture(params=["folder", "object store"])
def there(request, runtime):
    """The runtime with its files in a folder, and in an object store."""
    if request.param == "folder":
        return runtime
    return replace(runtime, storage=Storage(MemoryStore(), None))


@pytest.fixture
def video(web, there, tenant, tmp_path, monkeypatch):
    monkeypatch.setattr(stored_video, "BYTES", b"x" * CHUNK_BYTES * CHUNKS)
    body = {"title": "Long", "workspace": tenant.project_id}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    stored_video.store(there, UUID(made["uid"]), tmp_path / "file")
    return made


@pytest.fixture
def key(runtime, tenant):
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        key, secret = accounts.create_key(
            unit, runtime.signer, tenant.organization, "Key", role=Role.DEVELOPER
        )
    return key.id, secret


@pytest.fixture
def client(web, there, video, key):
    """A client of the video's file; `act` happens while it downloads."""
    found = web.get(f"/api/v1/videos/{video['id']}/", headers=bearer(key[1])).json()
    return lambda act: SlowClient(application(there), found["video"], act)


class TestDownload:
    def test_ends_within_a_second_of_the_revocation_and_is_not_whole(self, client, runtime, key):
        def revoke() -> None:
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                accounts.revoke_key(unit, key[0])

        reader = client(revoke)
        with pytest.raises(Exception, match="already started"):
            asyncio.run(reader.download())
        assert not reader.is_whole
        assert reader.received < reader.length
        assert reader.last_at - reader.acted_at < ENDED_WITHIN

    def test_ends_with_the_video(self, client, web, tenant, video):
        path = f"/api/v1/videos/{video['id']}/"
        reader = client(lambda: web.delete(path, headers=tenant.headers))
        with pytest.raises(Exception, match="already started"):
            asyncio.run(reader.download())
        assert not reader.is_whole

    def test_goes_on_while_nothing_is_taken_back(self, client):
        reader = client(None)
        asyncio.run(reader.download())
        assert reader.is_whole
        assert reader.received == reader.length == CHUNK_BYTES * CHUNKS
