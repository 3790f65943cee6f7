"""Many sources that one server makes playable: each becomes a published video."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2

from tests.helpers.live import Founded, Live, create_video, publish, until, upload

MAKERS_AT_ONCE = 2
UNDONE = "SELECT count(*) FROM assets WHERE ladder IS NULL OR ladder IN ('waiting', 'working')"
FAILED = "SELECT count(*) FROM assets WHERE ladder = 'failed'"
Makers = Mapping[str, Callable[[Path], object]]
"""How to make each source at a path, by its name."""


def published_videos(
    live: Live, acme: Founded, client: httpx2.Client, makers: Makers, folder: Path, patience: float
) -> dict[str, dict[str, Any]]:
    """Each source, published, with all of its renditions: they take at most `patience` seconds."""

    def enter(name: str) -> int:
        makers[name](folder / name)
        video = create_video(client, acme.project, title=name)
        assert upload(client, video["id"], folder / name).status_code == 200
        return int(video["id"])

    with ThreadPoolExecutor(MAKERS_AT_ONCE) as threads:
        ids = dict(zip(makers, threads.map(enter, makers), strict=True))
    until(lambda: live.rows(UNDONE) == [(0,)], patience, "every ladder")
    assert live.rows(FAILED) == [(0,)]
    found = {name: client.get(f"/api/v1/videos/{one}/").json() for name, one in ids.items()}
    ends = {name: (each["status"], each["failure_reason"]) for name, each in found.items()}
    assert set(ends.values()) == {("completed", None)}, ends
    for video in found.values():
        publish(client, video["session_id"])
    return {name: client.get(f"/api/v1/videos/{one}/").json() for name, one in ids.items()}
