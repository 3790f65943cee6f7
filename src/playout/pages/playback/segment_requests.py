"""Requests of segments, which tell of viewers whose player sends no beacon."""

import re
from uuid import UUID

from starlette.requests import Request

from playout.core.analytics.cmcd import read_cmcd
from playout.core.analytics.segments import SegmentRequest
from playout.core.playback.grants import Grant
from playout.kit.clock import utcnow
from playout.kit.http.client_address import client_address
from playout.kit.http.opt_out import opts_out
from playout.kit.user_agents import AGENT_LENGTH
from playout.pages.playback.campaigns import viewer_of_campaign
from playout.runtime import Runtime

PARAMETER = "CMCD"
HEADERS = ("cmcd-request", "cmcd-object", "cmcd-status", "cmcd-session")
RANGE_START = re.compile(r"bytes=(\d{1,18})-", re.IGNORECASE | re.ASCII)


def note_segment(runtime: Runtime, request: Request, uid: UUID, file: str, grant_text: str) -> None:
    """Have a request for a video's file counted, off its path.

    The file is named by its key. Nothing is noted of a player that names no session, unless it
    plays a distribution, and of a viewer who does not want to be counted.
    """
    headers = request.headers
    if request.method != "GET" or not runtime.settings.analytics:
        return
    said = [headers[name] for name in HEADERS if name in headers]
    query = request.query_params.get(PARAMETER)
    cmcd = read_cmcd([query, *said] if query else said) if query or said else None
    grant = Grant.parse(grant_text)
    if cmcd is None and grant.distribution_id is None:
        return
    if opts_out(headers):
        return
    begins = RANGE_START.match(headers.get("range", ""))
    runtime.collector.add(
        SegmentRequest(
            utcnow(),
            uid,
            file,
            grant.holder,
            int(begins[1]) if begins else 0,
            cmcd,
            viewer_of_campaign(request, runtime),
            client_address(request.scope),
            headers.get("user-agent", "")[:AGENT_LENGTH],
        )
    )
