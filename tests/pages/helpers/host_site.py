"""A site of somebody else, on loopback: its pages show videos of Playout in frames."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.pages.helpers.loopback import listening


@dataclass
class HostSite:
    """A site with `html` at `/`, under each name of loopback."""

    port: int = 0
    html: str = ""

    def origin(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}"


@contextmanager
def host_site() -> Iterator[HostSite]:
    site = HostSite()

    async def page(_: Request) -> Response:
        return HTMLResponse(site.html)

    with listening(Starlette(routes=[Route("/", page)])) as port:
        site.port = port
        yield site
