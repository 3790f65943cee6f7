"""Counting viewers: what a page tells its player, and the endpoint that the player sends to."""

import json

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from playout.core.analytics.collecting import Received
from playout.core.analytics.events import MOST_BYTES, Refused, read_beacon
from playout.core.analytics.metrics import BEACONS_DROPPED
from playout.core.analytics.subjects import Viewed, project_subject, sign, video_subject
from playout.core.brands import queries as brands
from playout.core.media.model import Asset
from playout.core.projects.model import Project
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.kit.http.client_address import client_address
from playout.kit.user_agents import AGENT_LENGTH
from playout.pages.campaigns import country_of
from playout.runtime import Runtime

PATH = "/e"
NO_CONTENT = {"Cache-Control": "no-store"}


def counting(
    runtime: Runtime, session: Session, video: Video, asset: Asset | None, *subjects: str
) -> str | None:
    """Return what the player needs to count its viewer, as JSON; None if nobody is counted.

    `subjects` are those of the page, besides the video and its project. `consent` is the key of the
    answer of a viewer who has to be asked first.
    """
    if not runtime.settings.analytics:
        return None
    project = session.get_one(Project, video.project_id)
    asks = brands.of_project(session, project).consent is not None
    all_subjects = (video_subject(video.id), project_subject(video.project_id), *subjects)
    viewed = Viewed(all_subjects, asset.duration_ms if asset else None)
    told = {
        "to": f"{runtime.settings.address.prefix}{PATH}",
        "token": sign(runtime.signer, viewed),
        "consent": f"playout-consent-{project.uid}" if asks else None,
    }
    return json.dumps(told, separators=(",", ":"))


class Beacons:
    """The endpoint of beacons. Whatever comes, it answers 204: nobody learns what is counted."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def receive(self, request: Request) -> Response:
        try:
            received = await self._read(request)
        except Refused as refused:
            BEACONS_DROPPED.labels(refused.reason).inc()
        else:
            impossible = received.beacon.dropped
            if impossible:
                BEACONS_DROPPED.labels("impossible").inc(impossible)
            if received.beacon.events:
                self._runtime.collector.add(received)
        return Response(status_code=204, headers=NO_CONTENT)

    async def _read(self, request: Request) -> Received:
        headers = request.headers
        if not self._runtime.settings.analytics or "1" in {
            headers.get("dnt"),
            headers.get("sec-gpc"),
        }:
            raise Refused("opted_out")
        beacon = read_beacon(self._runtime.signer, await _body(request))
        return Received(
            utcnow(),
            beacon,
            client_address(request.scope),
            headers.get("user-agent", "")[:AGENT_LENGTH],
            country_of(request, self._runtime) or "",
        )


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused("size")
    return body
