"""Parts in a local folder and in S3: the joined file is what came in."""

import asyncio
import hashlib

import pytest

from playout.kit.errors import NotFound
from playout.kit.storage.multipart import MultipartStore, Part
from playout.kit.storage.store import PART_BYTES, Storage
from tests.helpers.storage_suites import local, read

BLOCK = b"0123456789abcdef" * (PART_BYTES // 16)


def written(storage: Storage, *contents: bytes) -> list[Part]:
    parts = MultipartStore(storage)
    for number, content in enumerate(contents):
        parts.write(f"uploads/a/{number}", 0, content)
    return [Part(f"uploads/a/{number}", len(each)) for number, each in enumerate(contents)]


def join(storage: Storage, parts: list[Part], target: str = "sources/a/b"):
    return asyncio.run(MultipartStore(storage).join(parts, target))


class TestJoin:
    @pytest.mark.parametrize(
        "contents",
        [(b"x",), (b"hello", b" ", b"there"), (BLOCK, BLOCK, b"end"), (BLOCK + b"end",)],
        ids=["one byte", "small", "blocks", "one part"],
    )
    def test_the_file_is_the_concatenation_of_the_parts(self, storage, contents):
        whole = b"".join(contents)
        for _ in range(2):
            received = join(storage, written(storage, *contents))
            assert (received.size, received.sha256) == (
                len(whole),
                hashlib.sha256(whole).hexdigest(),
            )
            assert read(storage, "sources/a/b", 0, len(whole)) == whole

    @pytest.mark.parametrize("rest", [b"", b" there"])
    def test_bytes_beyond_the_size_of_a_part_are_left_out(self, storage, rest):
        parts = written(storage, b"hello and more", *filter(None, [rest]))
        assert join(storage, [Part(parts[0].key, 5), *parts[1:]]).size == 5 + len(rest)
        assert read(storage, "sources/a/b", 0, 5 + len(rest)) == b"hello" + rest

    @pytest.mark.parametrize("there", [[], [b"x"], [BLOCK, BLOCK]])
    def test_a_missing_part_leaves_no_file(self, storage, keys, there):
        parts = [*written(storage, *there), Part("uploads/a/gone", 5)]
        with pytest.raises(NotFound):
            join(storage, parts)
        assert [key for key in keys() if "sources" in key] == []

    def test_the_file_remains_when_its_parts_are_deleted(self, storage, keys):
        join(storage, written(storage, b"kept"))
        MultipartStore(storage).delete_all("uploads/a")
        assert keys() == ["sources/a/b"]
        assert read(storage, "sources/a/b", 0, 4) == b"kept"


class TestWrite:
    def test_a_local_part_can_be_appended_to(self, tmp_path):
        with local(tmp_path) as (storage, _):
            parts = MultipartStore(storage)
            assert parts.can_append
            parts.write("uploads/a/0", 0, b"hello")
            parts.write("uploads/a/0", 5, b" there")
            join(storage, [Part("uploads/a/0", 11)])
            assert read(storage, "sources/a/b", 0, 11) == b"hello there"

    def test_deleting_missing_parts_is_no_error(self, storage, keys):
        written(storage, b"x")
        MultipartStore(storage).delete_all("uploads/other")
        assert keys() == ["uploads/a/0"]
