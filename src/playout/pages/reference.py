"""The reference pages of the four APIs, which show their OpenAPI documents."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from playout.kit.errors import NotFound
from playout.pages.render import render_reference, render_references
from playout.pages.responses import Responses
from playout.pages.static_files import built_path
from playout.pages.views import ApiSummary, ReferencesView, ReferenceView
from playout.settings import Settings

APIS = (
    ApiSummary(
        name="Publications",
        page="/docs/publications",
        base="/v1",
        document="/v1/openapi.json",
        sentence="Publishes a finished video in the public feed, edits its publication, and revokes"
        " it.",
    ),
    ApiSummary(
        name="Videos",
        page="/docs/videos",
        base="/api/v1",
        document="/api/v1/openapi.json",
        sentence="Creates, uploads, organizes and publishes videos, and manages an organization:"
        " its members, keys, webhooks and events.",
    ),
    ApiSummary(
        name="Shares",
        page="/docs/shares",
        base="/api",
        document="/api/openapi.json",
        sentence="Gives each channel of a project a landing page, with a title, a language and a"
        " call to action of its own.",
    ),
    ApiSummary(
        name="Productions",
        page="/docs/productions",
        base="/",
        document="/openapi.json",
        sentence="Manages videos, their distributions and their campaigns, one at a time or in"
        " batches that succeed or fail as a whole.",
    ),
)
SCRIPTED = {"script-src": "'self'", "connect-src": "'self'", "img-src": "'self' data:"}


class Reference:
    """Serves `/docs`, and `/docs/{api}` for each API."""

    def __init__(self, responses: Responses, settings: Settings) -> None:
        self._responses = responses
        self._site_name = settings.site_name
        self._base_url = settings.base_url
        self._address = settings.address
        self._policy = responses.policy(SCRIPTED)

    def routes(self) -> Sequence[BaseRoute]:
        return [Route("/docs", self.index), Route("/docs/{api}", self.page)]

    async def index(self, request: Request) -> Response:  # noqa: ARG002
        view = ReferencesView(
            site_name=self._site_name,
            url=f"{self._base_url}/docs",
            apis=APIS,
            prefix=self._address.prefix,
        )
        return self._responses.page(render_references(view))

    async def page(self, request: Request) -> Response:
        page = f"/docs/{request.path_params['api']}"
        api = next((each for each in APIS if each.page == page), None)
        if api is None:
            raise NotFound("There is no such API.")
        base_url = self._address.for_request(request.url.scheme, request.headers.get("host", ""))
        view = ReferenceView(
            site_name=self._site_name,
            url=f"{self._base_url}{page}",
            api=api,
            base_url=f"{base_url}{api.base}",
            script=built_path("reference.js"),
            stylesheet=built_path("reference.css"),
            prefix=self._address.prefix,
        )
        return self._responses.page(render_reference(view), headers=self._policy)
