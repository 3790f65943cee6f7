"""A running server for the commands that need one."""

from collections.abc import Iterator

import pytest

from tests.helpers.live import Founded, Live, serving


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("cli")) as live:
        yield live


@pytest.fixture(scope="session")
def acme(live: Live) -> Founded:
    return live.found("Acme")
