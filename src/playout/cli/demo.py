"""`playout serve --demo`: a sample video, published through the four APIs."""

import json
import shlex
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from rich.console import Console
from typing_extensions import TypedDict

from playout.cli.client import Client, Json
from playout.cli.publish import Details, upload_and_publish
from playout.core.accounts import queries, service
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.kit.errors import NotFound, PlayoutError
from playout.runtime import Runtime
from playout.transcode.sample_clip import make_sample_clip

ORGANIZATION = "Demo"
TITLE = "Hello from Playout"
TAGS = ["sample", "playout"]
MEMBER = "you@example.com"

log = structlog.get_logger(__name__)


class Demo(TypedDict):
    """The key of the demo organization, the token of its member, and the addresses of its sample.

    The addresses are paths: the next start may have another port, or another public address.
    """

    key: str
    token: str
    link: str
    share: str
    stream: str


def publish_when_started(runtime: Runtime, is_started: Callable[[], bool]) -> None:
    """Publish the sample from a thread once the server answers, and print its addresses."""

    def run() -> None:
        while not is_started():
            time.sleep(0.05)
        try:
            demo = _load(runtime) or _publish(runtime)
        except PlayoutError as error:
            Console(stderr=True).print(f"[red]The sample could not be published:[/] {error}")
            return
        _print(runtime.settings.base_url, demo)

    threading.Thread(target=run, name="demo", daemon=True).start()


def _file(runtime: Runtime) -> Path:
    return runtime.settings.data_dir / "demo.json"


def _load(runtime: Runtime) -> Demo | None:
    """Return the demo that an earlier start published."""
    try:
        kept = json.loads(_file(runtime).read_text())
    except FileNotFoundError:
        return None
    if "share" not in kept:
        return None
    link, share, stream = (_path(kept[name]) for name in ("link", "share", "stream"))
    token = kept.get("token") or _create_token(runtime)  # earlier versions made none
    demo: Demo = {
        "key": kept["key"],
        "token": token,
        "link": link,
        "share": share,
        "stream": stream,
    }
    if "token" not in kept:
        _keep(runtime, demo)
    return demo


def _path(url: str) -> str:
    """Return an address without its scheme and host, which earlier versions kept, too."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def _publish(runtime: Runtime) -> Demo:
    key = _create_key(runtime)
    client = Client(runtime.settings.local_url, key)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "hello.mp4"
        make_sample_clip(clip, runtime.tools)
        answer = upload_and_publish(client, clip, Details(title=TITLE, tags=TAGS))
    video = _find_video(client, answer["session_id"])
    share = _put_share(client, video)
    distribution = _create_distribution(client, video)
    base_url = runtime.settings.base_url
    demo: Demo = {
        "key": key,
        "token": _create_token(runtime),
        "link": answer["publication"]["page_url"].removeprefix(base_url),
        "share": share["publicUrl"].removeprefix(base_url),
        "stream": distribution["playback_url"].removeprefix(base_url),
    }
    _keep(runtime, demo)
    return demo


def _keep(runtime: Runtime, demo: Demo) -> None:
    path = _file(runtime)
    path.touch(mode=0o600)
    path.write_text(json.dumps(demo))


def _find_video(client: Client, session_id: str) -> Json:
    """Return the video that the Videos API has for a session of the Publications API."""
    videos: list[Json] = client.call("GET", "/api/v1/videos/")["results"]
    return next(video for video in videos if video["session_id"] == session_id)


def _put_share(client: Client, video: Json) -> Json:
    """Create a landing page of the video, through the Shares API.

    It names the video: otherwise it would play the newest one that is published.
    """
    project = client.call("GET", "/api/v1/workspaces/")["results"][0]["uid"]
    body = {"publicTitle": TITLE, "publicSubtitle": "A landing page of its own"}
    body["videoId"] = video["uid"]
    return client.call("PUT", f"/api/Projects/{project}/public-video-shares/PROD", json=body)


def _create_distribution(client: Client, video: Json) -> Json:
    """Create an MP4 for other platforms, through the Productions API."""
    body = [{"name": "Web", "settings": {"format": "MP4", "quality": "adaptive"}}]
    answer = client.call("POST", f"/productions/{video['id']}/distributions", json=body)
    distribution: Json = answer["data"][0]
    return distribution


def _create_key(runtime: Runtime) -> str:
    with runtime.work.write(OPERATOR, Origin("cli")) as unit:
        organization = queries.organization_by_slug(unit, ORGANIZATION.lower())
        if organization is None:
            organization = service.create_organization(unit, ORGANIZATION)
            projects.create(unit, organization, "Samples")
        _, secret = service.create_key(
            unit, runtime.signer, organization, "Demo", role=Role.ORGANIZATION_ADMIN
        )
    return secret


def _create_token(runtime: Runtime) -> str:
    """Return the token with which the member of the demo signs in to the console."""
    with runtime.work.write(OPERATOR, Origin("cli")) as unit:
        organization = queries.organization_by_slug(unit, ORGANIZATION.lower())
        if organization is None:
            raise NotFound("The organization of the demo is gone.")
        role = Role.ORGANIZATION_ADMIN
        user = service.add_member(unit, organization, MEMBER, "You", role)
        _, secret = service.create_key(unit, runtime.signer, organization, "Console", user=user)
    return secret


def _print(base_url: str, demo: Demo) -> None:
    link, share, stream = (f"{base_url}{demo[name]}" for name in ("link", "share", "stream"))
    lines = (
        "[bold green]Playout is running.[/]",
        f"  Gallery  [bold]{base_url}/[/]",
        f"  Key      [bold]{demo['key']}[/]",
        f"  Console  [bold]{base_url}/console[/]",
        f"  Token    [bold]{demo['token']}[/]",
        "",
        "A sample video, published through four APIs:",
        f"  POST /v1/publications/publish                        [bold]{link}[/]",
        f"  POST /api/v1/videos/, PUT /api/v1/videos/1/source/   {base_url}/api/v1/videos/",
        f"  PUT  /api/Projects/…/public-video-shares/PROD        [bold]{share}[/]",
        f"  POST /productions/1/distributions                    {stream}",
        "",
        "Publish a video of your own:",
        f"  export PLAYOUT_KEY={demo['key']} PLAYOUT_URL={base_url}",
        f'  {shlex.quote(sys.argv[0])} publish video.mp4 --title "My video"',
    )
    Console(stderr=True, soft_wrap=True, highlight=False).print("", *lines, "", sep="\n")
