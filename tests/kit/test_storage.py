"""Storage in a local folder and in S3."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from playout.kit.errors import NotFound, TooLarge
from playout.kit.storage.store import PART_BYTES, Storage
from tests.helpers.storage_suites import read

LARGE = b"0123456789abcdef" * (PART_BYTES // 16) + b"the end"


async def stream(*chunks: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if error is not None:
        raise error


def receive(storage: Storage, key: str, chunks: AsyncIterator[bytes], limit: int = 10**9):
    return asyncio.run(storage.receive(key, chunks, limit))


class TestReceive:
    @pytest.mark.parametrize("content", [b"x", b"hello", LARGE], ids=["one", "small", "parts"])
    def test_a_stream_is_stored_and_its_size_and_digest_returned(self, storage, keys, content):
        received = receive(storage, "sources/a/b", stream(content[:3], content[3:]))
        assert received.size == len(content)
        assert received.sha256 == hashlib.sha256(content).hexdigest()
        assert read(storage, "sources/a/b", 0, len(content)) == content
        assert keys() == ["sources/a/b"]

    @pytest.mark.parametrize("start", [b"", b"some", LARGE], ids=["nothing", "a little", "parts"])
    def test_a_stream_that_breaks_leaves_nothing(self, storage, keys, start):
        with pytest.raises(RuntimeError):
            receive(storage, "sources/a/b", stream(start, error=RuntimeError()))
        assert keys() == []

    def test_more_than_the_limit_leaves_nothing(self, storage, keys):
        with pytest.raises(TooLarge):
            receive(storage, "sources/a/b", stream(LARGE, LARGE), limit=len(LARGE) + 1)
        assert keys() == []

    def test_exactly_the_limit_is_accepted(self, storage):
        assert receive(storage, "k", stream(b"12345"), limit=5).size == 5


class TestPutAndFetch:
    @pytest.mark.parametrize("content", [b"hello", LARGE], ids=["small", "parts"])
    def test_a_file_is_fetched_unchanged(self, storage, tmp_path, content):
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(content)
        assert storage.put("media/a/b/video.mp4", source) == len(content)
        storage.fetch("media/a/b/video.mp4", target)
        assert target.read_bytes() == content

    def test_a_file_of_an_earlier_attempt_is_replaced(self, storage, tmp_path):
        for content in (b"half of", b"the whole"):
            source = tmp_path / "source"
            source.write_bytes(content)
            storage.put("k", source)
            source.unlink()
        assert read(storage, "k", 0, 9) == b"the whole"

    def test_a_missing_file_is_not_found(self, storage, tmp_path):
        with pytest.raises(NotFound):
            storage.fetch("media/none", tmp_path / "target")
        with pytest.raises(NotFound):
            asyncio.run(storage.size("media/none"))

    def test_a_file_that_was_fetched_is_never_written_over(self, storage, tmp_path):
        for key in ("one", "two"):
            receive(storage, key, stream(key.encode()))
        storage.fetch("one", tmp_path / "copy")
        with pytest.raises(FileExistsError):
            storage.fetch("two", tmp_path / "copy")
        assert read(storage, "one", 0, 3) == b"one"

    def test_deleting_the_fetched_file_keeps_the_stored_one(self, storage, tmp_path):
        receive(storage, "k", stream(b"kept"))
        storage.fetch("k", tmp_path / "copy")
        (tmp_path / "copy").unlink()
        assert read(storage, "k", 0, 4) == b"kept"


class TestRead:
    @pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 10), (3, 7), (9, 10)])
    def test_a_range_of_bytes(self, storage, start, end):
        receive(storage, "k", stream(b"0123456789"))
        assert read(storage, "k", start, end) == b"0123456789"[start:end]

    def test_a_range_across_two_parts(self, storage):
        receive(storage, "k", stream(LARGE))
        assert (
            read(storage, "k", PART_BYTES - 8, PART_BYTES + 4)
            == LARGE[PART_BYTES - 8 : PART_BYTES + 4]
        )
        assert asyncio.run(storage.size("k")) == len(LARGE)


class TestDelete:
    def test_deleting_twice_is_no_error(self, storage, keys):
        receive(storage, "k", stream(b"x"))
        for _ in range(2):
            storage.delete("k")
        assert keys() == []

    def test_the_health_check_leaves_no_file(self, storage, keys):
        storage.check("health/x")
        assert keys() == []
