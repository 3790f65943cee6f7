"""What the tests of adaptive streams share: videos with sound, and reading playlists."""

import re
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import imageio_ffmpeg
from sqlalchemy import select
from starlette.testclient import TestClient

from playout.core.media.model import Asset, LadderState
from playout.core.videos.model import Video
from playout.runtime import Runtime
from tests.api.helpers.uploads import upload
from tests.helpers.tenants import Tenant

PATIENCE = 240.0
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -c:a aac"
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"
HEVC = "-c:v libx265 -preset ultrafast -x265-params log-level=1 -tag:v hvc1 -c:a aac"


@cache
def sounding(
    codecs: str = H264, size: str = "480x360", seconds: float = 5, end: str = "mp4"
) -> bytes:
    """A test picture with a tone."""
    inputs = f"-f lavfi -i testsrc2=s={size}:r=25:d={seconds} -f lavfi -i sine=d={seconds}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip.{end}"
        program = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *inputs.split()]
        subprocess.run([*program, *codecs.split(), path], check=True, stdin=subprocess.DEVNULL)
        return path.read_bytes()


def enter(web: TestClient, tenant: Tenant, content: bytes) -> dict[str, Any]:
    """A video that plays, as soon as it does."""
    body = {"title": "A stream", "workspace": tenant.project_id}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    return upload(web, tenant.headers, made, content)


def asset_of(runtime: Runtime, video: dict[str, Any]) -> Asset:
    with runtime.database.read_session() as session:
        query = select(Asset).join(Video, Video.asset_id == Asset.id)
        return session.scalars(query.where(Video.id == video["id"])).one()


def climbed(web: TestClient, tenant: Tenant, video: dict[str, Any]) -> dict[str, Any]:
    """The video once its ladder has come to an end."""
    deadline = time.monotonic() + PATIENCE
    while asset_of(tenant.runtime, video).ladder in {LadderState.WAITING, LadderState.WORKING}:
        assert time.monotonic() < deadline, "the ladder came to no end"
        time.sleep(0.05)
    detail: dict[str, Any] = web.get(
        f"/api/v1/videos/{video['id']}/", headers=tenant.headers
    ).json()
    return detail


def addresses(web: TestClient, url: str) -> list[str]:
    """Every address in a playlist or a manifest, made absolute."""
    text = web.get(url).text
    if url.partition("?")[0].endswith(".mpd"):
        found = re.findall("<BaseURL>([^<]+)</BaseURL>", text)
    else:
        found = [line for line in text.splitlines() if line and not line.startswith("#")]
        found += re.findall('URI="([^"]+)"', text)
    return [urljoin(url, each) for each in dict.fromkeys(found)]


def variants(web: TestClient, url: str) -> list[str]:
    """The names of the picture's renditions in a master playlist."""
    return [
        line.partition("/")[2].partition("/")[2].partition(".m3u8")[0]
        for line in web.get(url).text.splitlines()
        if not line.startswith("#")
    ]
