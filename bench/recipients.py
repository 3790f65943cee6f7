"""A hundred thousand recipients, imported from one CSV file.

`python -m bench.recipients` prints this line alone.
"""

import csv
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2 as httpx

from bench.measure import Result
from bench.site import Server, found_organization, free_port, serving

ROWS, AIM = 100_000, 60.0
_PLACE = {"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.3, "size": 0.1, "start": 1, "end": 3}
MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": {
        "name": {"type": "text", "required": True, "maxLength": 60},
        "plan": {"type": "text", "default": "silver"},
        "saved": {"type": "currency", "currency": "EUR"},
    },
    "elements": [{"id": "greeting", "type": "text", "text": "For {{name}}", **_PLACE}],
}


def recipients(server: Server, data_dir: Path) -> Result:
    """Return the seconds from the first byte of the file to the answer."""
    key, workspace = found_organization(data_dir, "Recipients")
    headers = {"Authorization": f"Bearer {key}"}
    url = f"http://127.0.0.1:{server.port}"
    with httpx.Client(base_url=url, headers=headers, timeout=600) as client:
        path = _share(client, workspace)
        content = _file()
        started = time.perf_counter()
        answer = client.post(path, content=content, headers={"Content-Type": "text/csv"})
        seconds = time.perf_counter() - started
        answer.raise_for_status()
        assert answer.json()["accepted"] == ROWS, answer.text
    detail = f"{ROWS:,} rows of CSV ({len(content) / 1e6:.1f} MB), {ROWS / seconds:,.0f} a second"
    return Result("import of recipients", seconds, AIM, "s", detail)


def _share(client: httpx.Client, workspace: int) -> str:
    """Create a share with a template; return the path of its recipients."""
    body = {"title": "Film", "workspace": workspace, "external_url": "https://cdn.example/f.mp4"}
    video = client.post("/api/v1/videos/", json=body).raise_for_status().json()
    share = f"{publish_template(client, video['uid'], MANIFEST)}/public-video-shares/DEV"
    client.put(share, json={"publicTitle": "For you"}).raise_for_status()
    return f"{share}/recipients"


def publish_template(client: httpx.Client, video_uid: str, manifest: dict[str, Any]) -> str:
    """Publish a template over a video to the channel DEV; return the path of its project."""
    (project,) = client.get("/api/Projects").raise_for_status().json()
    path = f"/api/Projects/{project['id']}"
    form = {"kind": "Raster", "manifestJson": json.dumps(manifest), "videoId": video_uid}
    # A file makes it a form with files, as the API wants it.
    files = {"unused": ("unused.txt", b"", "text/plain")}
    template = client.post(f"{path}/templates/upload", data=form, files=files).raise_for_status()
    body = {"templateId": template.json()["id"]}
    client.post(f"{path}/distribution-channels/DEV/publish", json=body).raise_for_status()
    return path


def _file() -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["reference", "name", "plan", "saved"])
    for number in range(ROWS):
        writer.writerow([f"C-{number}", f"Ada Lovelace {number}", "gold", f"{number / 100:.2f}"])
    return file.getvalue().encode()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        data_dir = Path(name) / "data"
        with serving(data_dir, free_port()) as server:
            line = recipients(server, data_dir)
        sys.stdout.write(f"{line.name}: {line.ratio:.1f} s, aim {line.aim:g} ({line.detail})\n")
