"""Files are listed and deleted a page at a time, in a local folder and in S3."""

from datetime import UTC, datetime, timedelta

import pytest

from playout.kit.storage import listing as module
from playout.kit.storage.listing import delete_files, list_files
from tests.helpers.storage_suites import local


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(module, "PAGE", 2)


@pytest.fixture
def stored(storage, tmp_path) -> list[str]:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    keys = [f"media/a/{version}/{name}" for version in "bc" for name in ("1", "2", "3")]
    for key in [*keys, "media-of-others/x", "sources/a/b"]:
        storage.put(key, file)
    return keys


class TestListFiles:
    def test_each_file_has_its_size_and_time(self, storage, stored):
        pages = list(list_files(storage, "media"))
        assert all(0 < len(page) <= 2 for page in pages)
        found = [each for page in pages for each in page]
        assert sorted(each.key for each in found) == stored
        assert {each.size for each in found} == {5}
        now = datetime.now(UTC)
        assert all(abs(now - each.modified) < timedelta(minutes=1) for each in found)

    def test_an_empty_folder_has_no_files(self, storage, stored):
        assert list(list_files(storage, "none")) == []

    def test_half_written_files_are_listed(self, tmp_path):
        with local(tmp_path) as (storage, _):
            (storage.folder / "sources").mkdir()
            (storage.folder / "sources" / "a#1").write_bytes(b"half")
            (page,) = list_files(storage, "sources")
        assert [each.key for each in page] == ["sources/a#1"]


class TestDeleteFiles:
    def test_only_named_files_are_deleted_and_missing_ones_are_no_error(
        self, storage, keys, stored
    ):
        for _ in range(2):
            delete_files(storage, stored[:2])
        delete_files(storage, [])
        assert keys() == ["media-of-others/x", *stored[2:], "sources/a/b"]

    def test_files_can_be_deleted_while_they_are_listed(self, storage, keys, stored):
        for page in list_files(storage, "media"):
            delete_files(storage, [each.key for each in page])
        assert keys() == ["media-of-others/x", "sources/a/b"]

    def test_a_folder_is_removed_with_its_last_file(self, tmp_path):
        with local(tmp_path) as (storage, _):
            storage.put("media/a/b/1", _file(tmp_path))
            delete_files(storage, ["media/a/b/1"])
            assert not (storage.folder / "media/a/b").exists()


def _file(folder):
    file = folder / "one"
    file.write_bytes(b"x")
    return file
