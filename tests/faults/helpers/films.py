"""The films of single viewers, drawn so slowly that a renderer can be killed in their middle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil

from tests.api.helpers.renders import Viewer
from tests.helpers.live import Live, create_video, settled, until, upload

WITH_BASES = {"PLAYOUT_LADDER_CONCURRENCY": "1", "PLAYOUT_ENCODER_PRESET": "ultrafast"}
"""The bases of films are encoded by the queue of ladders."""
_VEILS = 40
"""So many elements that fill the frame, and move: each picture takes long to draw."""
_PLACE = {"x": 0.2, "y": 0.2, "width": 0.6, "height": 0.3, "size": 0.1, "start": 1, "end": 2.5}
_VEIL = {"x": 0, "y": 0, "width": 1, "height": 1, "type": "shape", "fill": "#ffd16602"}
MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": {"name": {"type": "text", "required": True, "maxLength": 40}},
    "elements": [
        {"id": "greeting", "type": "text", "text": "Hello {{name}}", **_PLACE},
        *(
            {
                **{"id": f"veil{number}", **_VEIL, "start": 1, "end": 2.5},
                "enter": {"kind": "slideLeft", "seconds": 1.5},
            }
            for number in range(_VEILS)
        ),
    ],
}


@dataclass(frozen=True)
class Films:
    """A project whose channel DEV holds such a template."""

    live: Live
    client: httpx2.Client
    path: str

    def viewer(self, name: str) -> Viewer:
        """Somebody with a film of their own."""
        return Viewer(self.client, self._create(name).raise_for_status().json())

    def half_written(self) -> list[str]:
        """The files of segments that are not what the database says."""
        folder = self.live.data_dir / "files"
        rows = dict(self.live.rows("SELECT file, size FROM rendered_segments"))
        files = {file: file.stat().st_size for file in (folder / "renders").rglob("*.m4s")}
        stored = {str(file.relative_to(folder)): size for file, size in files.items()}
        return sorted(name for name in rows | stored if rows.get(name) != stored.get(name))

    def _create(self, name: str) -> httpx2.Response:
        body = {"channel": "DEV", "personalizationData": {"name": name}}
        return self.client.post(f"{self.path}/renders", json=body)


def films_of(live: Live, client: httpx2.Client, project: int, clip: Path) -> Films:
    """Upload a film and the template, and wait until its base is there."""
    video = create_video(client, project)
    assert upload(client, video["id"], clip).status_code == 200
    settled(client, video["id"], 120)
    (project,) = client.get("/api/Projects").json()
    path = f"/api/Projects/{project['id']}"
    form = {"kind": "Raster", "manifestJson": json.dumps(MANIFEST), "videoId": video["uid"]}
    # A file makes it a form with files, as the API wants it.
    files = {"unused": ("unused.txt", b"", "text/plain")}
    template = client.post(f"{path}/templates/upload", data=form, files=files).raise_for_status()
    channel = f"{path}/distribution-channels/DEV/publish"
    client.post(channel, json={"templateId": template.json()["id"]}).raise_for_status()
    films = Films(live, client, path)
    until(lambda: films._create("Nobody").status_code == 201, 120, "the base")
    return films


def renderers_of(process: int) -> list[psutil.Process]:
    """The processes of the sandbox that a server renders with, and what wraps them."""
    children = psutil.Process(process).children(recursive=True)
    return [each for each in children if "compose.rendering" in " ".join(each.cmdline())]
