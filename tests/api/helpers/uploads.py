"""What the tests of uploads share: a real clip, and waiting for what is made of it."""

import struct
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zlib import compress, crc32

import imageio_ffmpeg
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.runtime import Runtime

PATIENCE = 120.0
RECIPE = "-f lavfi -i testsrc2=s=160x90:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"


@cache
def clip() -> bytes:
    """A second of H.264 in an MP4 file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        line = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *RECIPE.split(), str(path)]
        subprocess.run(line, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        return path.read_bytes()


def picture(width: int = 64, height: int = 36) -> bytes:
    """A red picture as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = compress((b"\0" + b"\xff\0\0" * width) * height)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def playing_video(web: TestClient, runtime: Runtime) -> dict[str, Any]:
    """A video that plays, of an organization of its own; a test changes nothing about it."""
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        owner = accounts.create_organization(unit, f"Owner {uuid4()}")
        project = projects.create(unit, owner, "Videos")
        role = Role.DEVELOPER
        key = accounts.create_key(unit, runtime.signer, owner, "Key", role=role)[1]
    headers = {"Authorization": f"Bearer {key}"}
    body = {"title": "A clip", "workspace": project.id}
    video = web.post("/api/v1/videos/", json=body, headers=headers).json()
    return upload(web, headers, video, clip())


def upload(
    web: TestClient, headers: dict[str, str], video: dict[str, Any], content: bytes
) -> dict[str, Any]:
    """Put the source of a video and wait for what becomes of it."""
    answer = web.put(f"/api/v1/videos/{video['id']}/source/", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "in_progress"
    return settled(web, headers, video)


def settled(web: TestClient, headers: dict[str, str], video: dict[str, Any]) -> dict[str, Any]:
    """The video once nothing is being made of it any more."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        detail = web.get(f"/api/v1/videos/{video['id']}/", headers=headers).json()
        if detail["status"] in {"completed", "failed"} and not detail["is_regenerating"]:
            return detail
        time.sleep(0.05)
    raise AssertionError(f"nothing came of it within {PATIENCE} s: {detail}")


def bare(url: str) -> str:
    """An address without its grant."""
    return urlsplit(url)._replace(query="").geturl()
