"""tus-js-client and tuspy, as they are published, bring their bytes through whatever happens."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.clients.helpers.tus_clients import (
    MIB,
    Killing,
    stored_digest,
    tus_js_client,
    tuspy,
    upload,
)
from tests.helpers.live import Founded, Live, serving, until

pytestmark = pytest.mark.slow
CLIENTS = [
    pytest.param(tus_js_client(), "/uploads/", id="tus-js-client"),
    pytest.param(tuspy(), "/api/v1/uploads/", id="tuspy"),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server of their own, which is killed."""
    with serving(tmp_path_factory.mktemp("tus")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture
def options(live: Live, acme: Founded, tmp_path: Path) -> dict[str, Any]:
    return {
        "file": str(tmp_path / "large.bin"),
        "store": str(tmp_path / "urls.json"),
        "headers": {"Authorization": f"Bearer {acme.key}"},
        "metadata": {"filename": "large.bin"},
        "retryDelays": [300] * 200,
    }


def write(options: dict[str, Any], size: int) -> str:
    """Make the file, which is no other's; return its SHA-256."""
    content = os.urandom(size)
    Path(options["file"]).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def arrived(live: Live, said: dict[str, Any] | None) -> str:
    """The SHA-256 of what was made of an upload."""
    assert said is not None
    assert "url" in said, said
    upload_id = said["url"].rstrip("/")[-36:]
    return str(until(lambda: stored_digest(live, upload_id), 30, "the source is stored"))


@pytest.mark.parametrize(("client", "path"), CLIENTS)
class TestClients:
    def test_come_through_two_kills_of_the_server(
        self, live: Live, options: dict[str, Any], client: Sequence[str], path: str
    ) -> None:
        digest = write(options, 90 * MIB)
        killing = Killing(live, 24 * MIB, 56 * MIB)
        said = upload(client, options | {"endpoint": live.url + path}, killing)
        assert killing.kills == 2
        assert arrived(live, said) == digest

    def test_go_on_where_one_that_was_killed_had_been(
        self, live: Live, options: dict[str, Any], client: Sequence[str], path: str
    ) -> None:
        digest = write(options, 60 * MIB)
        there = options | {"endpoint": live.url + path, "chunkSize": 8 * MIB}
        assert upload(client, there, lambda sent: sent >= 32 * MIB) is None
        sent: list[int] = []
        said = upload(client, there, sent.append)
        assert said is not None
        assert said["resumed"] is True
        assert sent[0] > 16 * MIB
        assert arrived(live, said) == digest
