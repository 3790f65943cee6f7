"""`playout serve --demo`: a clip made on the spot and published as anybody would publish it."""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import structlog
import uvicorn
from rich.console import Console

from playout.cli.client import Client, Json
from playout.cli.publish import send
from playout.core.accounts import queries, service
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.kit.errors import PlayoutError
from playout.runtime import Runtime
from playout.transcode.sample_clip import make_demo_clip

ORGANIZATION = "Demo"
TITLE = "Hello from Playout"
TAGS = ["sample", "playout"]

log = structlog.get_logger(__name__)


def publish_when_up(runtime: Runtime, server: uvicorn.Server) -> None:
    """Publish the sample from a thread, as soon as the server answers; print link and key."""

    def run() -> None:
        while not server.started:
            time.sleep(0.05)
        try:
            known = _load(runtime) or _publish(runtime, server)
        except PlayoutError as error:
            Console(stderr=True).print(f"[red]The sample could not be published:[/] {error}")
            return
        _show(runtime.settings.base_url, known)

    threading.Thread(target=run, name="demo", daemon=True).start()


def _file(runtime: Runtime) -> Path:
    return runtime.settings.data_dir / "demo.json"


def _load(runtime: Runtime) -> dict[str, str] | None:
    """What an earlier start published."""
    try:
        known: dict[str, str] = json.loads(_file(runtime).read_text())
    except FileNotFoundError:
        return None
    return known if "share" in known else None


def _publish(runtime: Runtime, server: uvicorn.Server) -> dict[str, str]:
    key = _key(runtime)
    port = server.servers[0].sockets[0].getsockname()[1]
    client = Client(f"http://{runtime.settings.host}:{port}", key)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "hello.mp4"
        make_demo_clip(clip, runtime.tools)
        outcome = send(client, clip, TITLE, TAGS)
    video = _video(client, outcome["session_id"])
    share = _share(client)
    stream = _distribute(client, video)
    known = {
        "key": key,
        "link": outcome["publication"]["page_url"],
        "share": share["publicUrl"],
        "stream": stream["playback_url"],
    }
    path = _file(runtime)
    path.touch(mode=0o600)
    path.write_text(json.dumps(known))
    return known


def _video(client: Client, session_id: str) -> int:
    """The id of the video that was published: another name for the same thing."""
    found = client.call("GET", "/api/v1/videos/")["results"]
    return next(int(video["id"]) for video in found if video["session_id"] == session_id)


def _share(client: Client) -> Json:
    """A landing page of the project, through the Shares API."""
    project = client.call("GET", "/api/v1/workspaces/")["results"][0]["uid"]
    body = {"publicTitle": TITLE, "publicSubtitle": "A landing page of its own"}
    return client.call("PUT", f"/api/Projects/{project}/public-video-shares/PROD", json=body)


def _distribute(client: Client, video: int) -> Json:
    """A file for other platforms, through the Productions API."""
    body = [{"name": "Web", "settings": {"format": "MP4", "quality": "adaptive"}}]
    made: Json = client.call("POST", f"/productions/{video}/distributions", json=body)["data"][0]
    return made


def _key(runtime: Runtime) -> str:
    with runtime.work.write(OPERATOR, Origin("cli")) as unit:
        organization = queries.organization_by_slug(unit, ORGANIZATION.lower())
        if organization is None:
            organization = service.create_organization(unit, ORGANIZATION)
            projects.create(unit, organization, "Samples")
        _, secret = service.create_key(
            unit, runtime.signer, organization, "Demo", role=Role.ORGANIZATION_ADMIN
        )
    return secret


def _show(base_url: str, known: dict[str, str]) -> None:
    lines = (
        "[bold green]Playout is up.[/]",
        f"  Gallery  [bold]{base_url}/[/]",
        f"  Key      [bold]{known['key']}[/]",
        "",
        "One sample, published through four APIs:",
        f"  POST /v1/publications/publish                        [bold]{known['link']}[/]",
        f"  POST /api/v1/videos/, PUT /api/v1/videos/1/source/   {base_url}/api/v1/videos/",
        f"  PUT  /api/Projects/…/public-video-shares/PROD        [bold]{known['share']}[/]",
        f"  POST /productions/1/distributions                    {known['stream']}",
        "",
        "Publish a video of your own:",
        f"  export PLAYOUT_KEY={known['key']} PLAYOUT_URL={base_url}",
        f'  {sys.argv[0]} publish video.mp4 --title "My video"',
    )
    Console(stderr=True, soft_wrap=True, highlight=False).print("", *lines, "", sep="\n")
