"""The storages that the same tests run over."""

from collections.abc import Callable, Iterator

import pytest

from playout.kit.storage.store import Storage
from tests.helpers.storage_suites import local, s3


@pytest.fixture(scope="module", params=["local", "s3"])
def suite(request, tmp_path_factory) -> Iterator[tuple[Storage, Callable[[], list[str]]]]:
    with s3() if request.param == "s3" else local(tmp_path_factory.mktemp("storage")) as suite:
        yield suite


@pytest.fixture
def storage(suite) -> Iterator[Storage]:
    storage, keys = suite
    yield storage
    for key in keys():
        storage.delete(key)


@pytest.fixture
def keys(suite) -> Callable[[], list[str]]:
    return suite[1]
