"""An object store that fails: a file is stored as a whole, or not at all."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator

import pytest

from playout.kit.errors import Unavailable
from playout.kit.storage.multipart import MultipartStore, Part
from tests.helpers.fault_proxy import cut_answer, cut_request, lose_answer, status
from tests.helpers.storage_suites import SMALL_PART as PART
from tests.helpers.storage_suites import read, spoilt_s3

CONTENT = secrets.token_bytes(PART + 1000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = "sources/a/b"

WRITES = {
    "opening": ("POST", "?uploads", status(500)),
    "part, 500": ("PUT", "partNumber=2", status(500)),
    "part, 503": ("PUT", "partNumber=1", status(503)),
    "part, cut": ("PUT", "partNumber=1", cut_request),
    "part, answer lost": ("PUT", "partNumber=2", lose_answer),
    "closing": ("POST", "?uploadId", status(500)),
}
CLOSED_UNHEARD = ("POST", "?uploadId", lose_answer)
READS = {"500": status(500), "503": status(503), "cut": cut_answer}

once = pytest.mark.parametrize("fault", [*WRITES.values(), CLOSED_UNHEARD])
for_good = pytest.mark.parametrize("fault", WRITES.values(), ids=WRITES)
reading = pytest.mark.parametrize("fault", READS.values(), ids=READS)


@pytest.fixture(scope="module")
def spoilt():
    with spoilt_s3() as spoilt:
        yield spoilt


@pytest.fixture
def storage(spoilt):
    storage, keys, _ = spoilt
    yield storage
    for key in keys():
        storage.delete(key)


@pytest.fixture
def keys(spoilt):
    return spoilt[1]


@pytest.fixture
def proxy(spoilt):
    return spoilt[2]


async def stream() -> AsyncIterator[bytes]:
    yield CONTENT[:1000]
    yield CONTENT[1000:]


def receive(storage):
    return asyncio.run(storage.receive(KEY, stream(), len(CONTENT)))


class TestReceive:
    @once
    def test_a_stream_is_stored_in_spite_of_one_failure(self, storage, keys, proxy, fault):
        with proxy.spoils(*fault, times=1):
            assert receive(storage).sha256 == SHA256
        assert keys() == [KEY]
        assert read(storage, KEY, 0, len(CONTENT)) == CONTENT

    @for_good
    def test_repeated_failures_are_unavailable_and_leave_no_file(self, storage, keys, proxy, fault):
        with proxy.spoils(*fault), pytest.raises(Unavailable):
            receive(storage)
        assert keys() == []


class TestPut:
    @pytest.fixture
    def file(self, tmp_path):
        file = tmp_path / "file"
        file.write_bytes(CONTENT)
        return file

    @once
    def test_a_file_is_stored_in_spite_of_one_failure(self, storage, keys, proxy, fault, file):
        with proxy.spoils(*fault, times=1):
            storage.put(KEY, file)
        assert keys() == [KEY]
        assert read(storage, KEY, 0, len(CONTENT)) == CONTENT

    @for_good
    def test_repeated_failures_are_unavailable_and_leave_no_file(
        self, storage, keys, proxy, fault, file
    ):
        with proxy.spoils(*fault), pytest.raises(Unavailable):
            storage.put(KEY, file)
        assert keys() == []


class TestReadAndFetch:
    @reading
    def test_a_file_is_read_in_spite_of_one_failure(self, storage, proxy, fault, tmp_path):
        receive(storage)
        with proxy.spoils("GET", KEY, fault, times=1):
            assert read(storage, KEY, 500, PART + 500) == CONTENT[500 : PART + 500]
        with proxy.spoils("GET", KEY, fault, times=1):
            storage.fetch(KEY, tmp_path / "target")
        assert (tmp_path / "target").read_bytes() == CONTENT

    @reading
    def test_repeated_failures_are_unavailable(self, storage, proxy, fault, tmp_path):
        receive(storage)
        with proxy.spoils("GET", KEY, fault), pytest.raises(Unavailable):
            read(storage, KEY, 500, PART + 500)
        with proxy.spoils("GET", KEY, fault), pytest.raises(Unavailable):
            storage.fetch(KEY, tmp_path / "target")


class TestJoin:
    def parts(self, storage) -> list[Part]:
        for number, content in enumerate((CONTENT[:PART], CONTENT[PART:])):
            MultipartStore(storage).write(f"uploads/a/{number}", 0, content)
        return [Part("uploads/a/0", PART), Part("uploads/a/1", len(CONTENT) - PART)]

    @reading
    def test_parts_are_joined_in_spite_of_one_failure(self, storage, proxy, fault):
        parts = self.parts(storage)
        with proxy.spoils("GET", "uploads/a/0", fault, times=1):
            assert asyncio.run(MultipartStore(storage).join(parts, KEY)).sha256 == SHA256
        assert read(storage, KEY, 0, len(CONTENT)) == CONTENT

    @reading
    def test_repeated_failures_leave_no_joined_file(self, storage, keys, proxy, fault):
        parts = self.parts(storage)
        with proxy.spoils("GET", "uploads/a/1", fault), pytest.raises(Unavailable):
            asyncio.run(MultipartStore(storage).join(parts, KEY))
        assert keys() == [part.key for part in parts]

    def test_a_part_that_cannot_be_read_is_unavailable(self, storage, keys, proxy):
        with proxy.spoils("PUT", "uploads/a/0", cut_request), pytest.raises(Unavailable):
            self.parts(storage)
        assert keys() == []
