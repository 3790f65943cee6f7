"""Uploads that survive: what breaks, who may go on, what is stored and how much of it."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.requests import ClientDisconnect

from playout.api.videos.tus import receiver
from playout.core.media.model import Asset, LostClaim
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.core.uploads import service
from playout.core.uploads.joining import join
from playout.core.uploads.receiving import UploadReceiver
from playout.kit.errors import Invalid, StorageFull
from playout.kit.storage.multipart import MultipartStore
from playout.kit.storage.store import PART_BYTES
from tests.api.helpers.tools import bearer
from tests.api.helpers.tus_calls import Tus
from tests.api.helpers.uploads import settled

CHUNK = 64 * 1024


@pytest.fixture
def tus(web, tenant) -> Tus:
    return Tus(web, tenant.headers)


@pytest.fixture
def draft(make_video):
    return make_video(title="A clip", external_url=None)


def upload_id(address: str) -> UUID:
    return UUID(address.rstrip("/")[-36:])


def asset(runtime, address: str) -> Asset:
    with runtime.database.read_session() as session:
        return session.scalars(select(Asset).where(Asset.id == upload_id(address))).one()


def handed_on(stream: AsyncIterator[bytes]) -> list[bytes]:
    """The blocks of a stream that breaks off."""
    blocks = []

    async def take() -> None:
        async for block in receiver.blocks(stream, 100):
            blocks.append(bytes(block))

    with pytest.raises(Invalid, match="broke"):
        asyncio.run(take())
    return blocks


@pytest.fixture
def write(runtime):
    @contextmanager
    def write():
        with runtime.work.write(WORKER, Origin("tests")) as unit:
            yield unit

    return write


@pytest.fixture
def receiving(runtime, write):
    """Claims an upload, as one request does."""

    def begin(address: str, offset: int) -> UploadReceiver:
        with write() as unit:
            claim = service.claim(unit, upload_id(address), offset)
        return UploadReceiver(runtime.storage, runtime.settings, write, claim)

    return begin


class TestBreaks:
    def test_what_has_come_in_before_a_connection_breaks_is_handed_on(self):
        async def broken():
            yield b"x" * 10
            yield b"y" * 5
            raise ClientDisconnect

        assert handed_on(broken()) == [b"x" * 10 + b"y" * 5]

    def test_a_connection_that_says_nothing_is_taken_for_dead(self, monkeypatch):
        monkeypatch.setattr(receiver, "SILENCE_TIMEOUT", 0.05)

        async def silent():
            yield b"x" * 10
            await asyncio.sleep(30)

        assert handed_on(silent()) == [b"x" * 10]

    def test_stored_bytes_that_did_not_come_to_count_are_sent_again(self, tus, receiving):
        address, content = tus.opened(20), secrets.token_bytes(20)
        killed = receiving(address, 0)
        killed.store(content[:10])
        assert tus.offset(address) == 0
        assert tus.patch(address, 0, content).status_code == 204

    def test_the_next_request_takes_over_and_the_one_before_counts_no_more(
        self, web, runtime, tenant, tus, draft, receiving
    ):
        address, content = tus.opened(20, video=draft["id"]), secrets.token_bytes(20)
        first = receiving(address, 0)
        first.store(content[:5])
        first.commit()
        first.store(b"stale")
        second = receiving(address, 5)
        second.store(content[5:12])
        with pytest.raises(LostClaim):
            first.commit()
        second.commit()
        assert tus.offset(address) == 12
        first._parts.write(f"uploads/{upload_id(address)}/0-{first.claim.id}", 5, b"woken late")
        assert tus.patch(address, 12, content[12:]).status_code == 204
        settled(web, tenant.headers, draft)
        assert asset(runtime, address).source_sha256 == hashlib.sha256(content).hexdigest()


class TestNotJoined:
    def test_parts_that_cannot_be_joined_are_kept_and_tried_again(
        self, web, runtime, tenant, tus, draft, monkeypatch
    ):
        def full(*_: object) -> None:
            raise StorageFull("The storage has no room left for this video.")

        address, content = tus.opened(20, video=draft["id"]), secrets.token_bytes(20)
        with monkeypatch.context() as patch:
            patch.setattr(MultipartStore, "join", full)
            tus.patch(address, 0, content)
            join(runtime, upload_id(address), last_try=True)
        failed = settled(web, tenant.headers, draft)
        assert (failed["status"], "no room" in failed["failure_reason"]) == ("failed", True)
        path = f"/api/v1/videos/{draft['id']}/retry/"
        assert web.post(path, headers=tenant.headers).status_code == 200
        assert "no room" not in settled(web, tenant.headers, draft)["failure_reason"]
        assert asset(runtime, address).source_sha256 == hashlib.sha256(content).hexdigest()


class TestMemory:
    def test_never_more_than_a_block_and_a_chunk_is_held(self):
        size = 3 * PART_BYTES + 12_345

        async def stream() -> AsyncIterator[bytes]:
            for at in range(0, size, CHUNK):
                yield bytes(min(CHUNK, size - at))

        async def sizes() -> list[int]:
            return [len(block) async for block in receiver.blocks(stream(), size)]

        held = asyncio.run(sizes())
        assert sum(held) == size
        assert max(held) < PART_BYTES + CHUNK


class TestWhose:
    def test_a_sub_account_finds_only_its_own(self, web, tenant, tus):
        customer = Tus(web, bearer(tenant.sub_account_key()))
        theirs, ours = customer.opened(10), tus.opened(10)
        assert customer.offset(theirs) == 0
        assert tus.offset(theirs) == 0
        for answer in (customer.head(ours), customer.patch(ours, 0, b"x"), customer.delete(ours)):
            assert answer.status_code == 404
        assert tus.offset(ours) == 0

    def test_a_video_of_others_is_none(self, web, tus, other_tenant, draft):
        stranger = Tus(web, other_tenant.headers)
        assert stranger.create(10, video=draft["id"]).status_code == 404

    def test_ends_with_the_video(self, web, tenant, tus, draft):
        address = tus.opened(10, video=draft["id"])
        web.delete(f"/api/v1/videos/{draft['id']}/", headers=tenant.headers)
        assert tus.head(address).status_code == 404
        assert tus.patch(address, 0, b"x" * 10).status_code == 404


class TestRoom:
    @pytest.fixture
    def limited(self, runtime, web, monkeypatch):
        """An organization may have a hundred bytes."""
        monkeypatch.setitem(runtime.settings.__dict__, "max_organization_bytes", 100)

    def test_what_is_stored_and_what_is_coming_count(self, limited, web, tenant, tus, draft):
        tus.patch(tus.opened(40, video=draft["id"]), 0, secrets.token_bytes(40))
        settled(web, tenant.headers, draft)
        coming = tus.opened(50)
        assert tus.create(11).status_code == 413
        path = f"/api/v1/videos/{draft['id']}/source/"
        assert web.put(path, content=b"x" * 11, headers=tenant.headers).status_code == 413
        assert tus.delete(coming).status_code == 204
        assert tus.create(60).status_code == 201

    def test_others_have_their_own(self, limited, web, tus, other_tenant):
        assert tus.create(100).status_code == 201
        assert Tus(web, other_tenant.headers).create(100).status_code == 201


class TestStoredOnce:
    def test_the_same_file_again_is_the_same_file(self, web, runtime, tenant, tus, make_video):
        content, found = secrets.token_bytes(1000), []
        for _ in range(2):
            video = make_video(external_url=None)
            address = tus.opened(1000, video=video["id"])
            tus.patch(address, 0, content[:600])
            tus.patch(address, 600, content[600:])
            settled(web, tenant.headers, video)
            found.append(asset(runtime, address))
        assert found[0].source_key == found[1].source_key
        folder = runtime.settings.data_dir / "files"
        assert (folder / found[0].source_key).read_bytes() == content
        assert not list(folder.glob(f"sources/*/{found[1].id}"))

    def test_of_another_organization_it_is_another(self, web, runtime, tus, other_tenant):
        content, found = secrets.token_bytes(1000), []
        for each in (tus, Tus(web, other_tenant.headers)):
            answer = each.create(1000, content)
            settled(web, each.headers, {"id": answer.headers["video-id"]})
            found.append(asset(runtime, answer.headers["location"]).source_key)
        assert found[0] != found[1]
