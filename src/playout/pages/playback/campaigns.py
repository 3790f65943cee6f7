"""The facts of the viewer of a request that campaigns ask for: country and platform."""

from starlette.requests import Request

from playout.core.distributions.campaigns import Viewer
from playout.core.distributions.settings import Platform
from playout.kit.http.client_address import client_address
from playout.kit.user_agents import AGENT_LENGTH, MOBILE, TV
from playout.runtime import Runtime

PLATFORM = "platform"
"""The parameter in which a client says its platform."""


def viewer_of_campaign(request: Request, runtime: Runtime) -> Viewer:
    """Return the country and the platform of whoever sent the request."""
    return Viewer(country_of(request, runtime), platform_of(request))


def country_of(request: Request, runtime: Runtime) -> str | None:
    """Return the country of whoever sent the request, in two letters; None if it is not known."""
    header = runtime.settings.country_header
    told = request.headers.get(header, "") if header else ""
    return runtime.countries.country(told, client_address(request.scope))


def platform_of(request: Request) -> Platform:
    """Return the platform that the client says, or that its headers show.

    The parameter `platform` is what the client says. Client hints come before the user agent. A
    device that is neither a television nor mobile counts as `web`.
    """
    said = request.query_params.get(PLATFORM, "")
    if said in set(Platform):
        return Platform(said)
    agent = request.headers.get("user-agent", "")[:AGENT_LENGTH]
    if TV.search(agent):
        return Platform.TV
    hint = request.headers.get("sec-ch-ua-mobile", "").strip()
    if hint in {"?0", "?1"}:
        return Platform.MOBILE if hint == "?1" else Platform.WEB
    return Platform.MOBILE if MOBILE.search(agent) else Platform.WEB
