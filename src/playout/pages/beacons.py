"""Counting viewers: what a page tells its player, and what takes the beacons of players."""

import json
import time
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from playout.core.analytics.collecting import Received
from playout.core.analytics.events import MOST_BYTES, Refused, read_beacon
from playout.core.analytics.metrics import BEACONS_DROPPED
from playout.core.analytics.pace import Crowd
from playout.core.analytics.subjects import Viewed, project_subject, sign, video_subject
from playout.core.brands import queries as brands
from playout.core.media.model import Asset
from playout.core.projects.model import Project
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.kit.http.client_address import client_address, client_network
from playout.kit.http.opt_out import opts_out
from playout.kit.user_agents import AGENT_LENGTH
from playout.pages.playback.campaigns import country_of
from playout.runtime import Runtime

PATH = "/e"
STARTED = {
    "type": "http.response.start",
    "status": 204,
    "headers": [(b"cache-control", b"no-store")],
}
ENDED = {"type": "http.response.body", "body": b""}


def counting(
    runtime: Runtime,
    session: Session,
    video: Video,
    asset: Asset | None,
    *subjects: str,
    recipient: UUID | None = None,
) -> str | None:
    """Return what the player needs to count its viewer, as JSON; None if nobody is counted.

    `subjects` are those of the page, besides the video and its project, and `recipient` is the id
    of the only person that it is for. `consent` is the key of the
    answer of a viewer who has to be asked first.
    """
    if not runtime.settings.analytics:
        return None
    project = session.get_one(Project, video.project_id)
    asks = brands.of_project(session, project).consent is not None
    all_subjects = (video_subject(video.id), project_subject(video.project_id), *subjects)
    viewed = Viewed(all_subjects, asset.duration_ms if asset else None, recipient)
    told = {
        "to": f"{runtime.settings.address.prefix}{PATH}",
        "token": sign(runtime.signer, viewed),
        "consent": f"playout-consent-{project.uid}" if asks else None,
    }
    return json.dumps(told, separators=(",", ":"))


class Beacons:
    """A middleware that takes beacons, before anything is done for pages.

    Whatever comes, it answers 204: nobody learns what is counted. A beacon leaves no line in the
    log, which a flood of them would fill. Other methods get the answer of an unknown path.
    """

    def __init__(self, app: ASGIApp, runtime: Runtime) -> None:
        self.app = app
        self._runtime = runtime
        self._crowd = Crowd()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        try:
            if not self._crowd.admits(client_network(scope), time.monotonic()):
                raise Refused("flood")
            self._take(Request(scope), await _body(receive))
        except Refused as refused:
            BEACONS_DROPPED.labels(refused.reason).inc()
        await send(STARTED)
        await send(ENDED)

    def _take(self, request: Request, body: bytes) -> None:
        headers = request.headers
        if not self._runtime.settings.analytics or opts_out(headers):
            raise Refused("opted_out")
        beacon = read_beacon(self._runtime.signer, body)
        if beacon.dropped:
            BEACONS_DROPPED.labels("impossible").inc(beacon.dropped)
        if beacon.events:
            self._runtime.collector.add(
                Received(
                    utcnow(),
                    beacon,
                    client_address(request.scope),
                    headers.get("user-agent", "")[:AGENT_LENGTH],
                    country_of(request, self._runtime) or "",
                )
            )


async def _body(receive: Receive) -> bytes:
    body, has_more = b"", True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused("form")
        body += message.get("body", b"")
        has_more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            raise Refused("size")
    return body
