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

from playout.cli.client import Client
from playout.cli.publish import send
from playout.core.accounts import queries, service
from playout.core.media.demo import make_demo_clip
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.runtime import Runtime
from playout.core.unit import Origin
from playout.kit.errors import PlayoutError

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
    return known


def _publish(runtime: Runtime, server: uvicorn.Server) -> dict[str, str]:
    key = _key(runtime)
    port = server.servers[0].sockets[0].getsockname()[1]
    client = Client(f"http://{runtime.settings.host}:{port}", key)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "hello.mp4"
        make_demo_clip(clip, runtime.tools)
        outcome = send(client, clip, TITLE, TAGS)
    known = {"key": key, "link": outcome["publication"]["page_url"]}
    path = _file(runtime)
    path.touch(mode=0o600)
    path.write_text(json.dumps(known))
    return known


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
        f"  Sample   [bold]{known['link']}[/]",
        f"  Key      [bold]{known['key']}[/]",
        "",
        "Publish a video of your own:",
        f"  export PLAYOUT_KEY={known['key']} PLAYOUT_URL={base_url}",
        f'  {sys.argv[0]} publish video.mp4 --title "My video"',
    )
    Console(stderr=True, soft_wrap=True, highlight=False).print("", *lines, "", sep="\n")
