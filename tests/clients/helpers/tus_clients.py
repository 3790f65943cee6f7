"""Drives tus-js-client and tuspy, public clients of tus, in processes of their own."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.clients.helpers.node import node
from tests.helpers.live import Live

MIB = 1024**2


def tus_js_client() -> list[str]:
    return [node(), str(Path(__file__).with_name("tus_driver.mjs"))]


def tuspy() -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("tuspy_driver.py"))]


def stored_digest(live: Live, upload_id: str) -> str | None:
    """The SHA-256 of the source that an upload has become, as it lies on the disk."""
    query = "SELECT source_key, source_sha256 FROM assets WHERE id = %s"
    [[key, told]] = live.rows(query, upload_id) or [[None, None]]
    if key is None:
        return None
    with (live.data_dir / "files" / key).open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    assert found == told
    return found


def upload(
    command: Sequence[str],
    options: dict[str, Any],
    on_sent: Callable[[int], bool | None] = lambda _: None,
) -> dict[str, Any] | None:
    """Upload with a client; `on_sent` gets the bytes sent, and true from it kills the client.

    Returns the last thing that the client said; None when it was killed.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(json.dumps(options))
        client.stdin.close()
        for line in client.stdout:
            said: dict[str, Any] = json.loads(line)
            if "sent" not in said:
                return said
            if on_sent(said["sent"]):
                client.kill()
                return None
    raise AssertionError("the client ended without a word")


class Killing:
    """Kills a server with -9 each time that so many bytes are on their way, and starts it again."""

    def __init__(self, live: Live, *marks: int) -> None:
        self.live, self.marks, self.kills = live, list(marks), 0

    def __call__(self, sent: int) -> None:
        if self.marks and sent >= self.marks[0]:
            self.marks.pop(0)
            self.live.kill()
            self.kills += 1
            self.live.start()
