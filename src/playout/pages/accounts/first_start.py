"""The form behind the link of the first start. It makes the first administrator, once."""

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.accounts.model import User
from playout.core.accounts.people import SHORTEST_PASSWORD
from playout.core.principal import OPERATOR
from playout.core.projects import first_start
from playout.core.projects.first_start import Founder
from playout.core.unit import Origin
from playout.kit.errors import Conflict, Invalid
from playout.kit.text import normalize
from playout.pages.accounts.sign_in import SignIn
from playout.pages.accounts.views import FirstStartView
from playout.pages.forms import check_origin, read_form
from playout.pages.render import render_first_start
from playout.pages.responses import PRIVATE, Responses
from playout.runtime import Runtime

PATH = "/first-start"
ORIGIN = Origin("pages")


class FirstStart:
    """Serves `/first-start`."""

    def __init__(self, runtime: Runtime, sign_in: SignIn, responses: Responses) -> None:
        self._runtime = runtime
        self._sign_in = sign_in
        self._responses = responses

    def routes(self) -> Sequence[BaseRoute]:
        return [Route(PATH, self.form), Route(PATH, self.found, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        code = request.query_params.get("code", "")
        if not first_start.is_link_code(self._runtime.signer, code):
            return self._closed()
        is_open = await self._runtime.read_for_page(self._is_open)
        return self._page(code=code) if is_open else self._closed()

    async def found(self, request: Request) -> Response:
        check_origin(request, self._runtime.settings.base_url)
        form = await read_form(request)
        code = form.get("code", "")
        if not first_start.is_link_code(self._runtime.signer, code):
            return self._closed()
        try:
            user = await run_in_threadpool(self._found, form)
        except Conflict:
            return self._closed()
        except Invalid as error:
            return self._page(400, code=code, values=form, problem=error.message)
        answer = RedirectResponse(f"{self._runtime.settings.address.prefix}/console", 303, PRIVATE)
        await self._sign_in.enter(request, answer, user)
        return answer

    def _is_open(self) -> bool:
        with self._runtime.work.read(OPERATOR) as unit:
            return first_start.is_open(unit)

    def _found(self, form: Mapping[str, str]) -> User:
        names = ("organization", "email", "full_name")
        founder = Founder(*(normalize(form.get(name, "").strip()) for name in names))
        password = normalize(form.get("password", ""))
        # Whoever has the link acts for the operator, who alone could read it.
        with self._runtime.work.write(OPERATOR, ORIGIN) as unit:
            return first_start.found_organization(unit, founder, password)

    def _closed(self) -> Response:
        """Say that the link opens nothing, also to somebody whose code is wrong."""
        message = (
            "The link of the first start works once. If there is an administrator already, sign in;"
            " the operator can create a token with “playout keys create”."
        )
        return self._responses.notice("This link opens nothing", message, 404)

    def _page(
        self,
        status: int = 200,
        *,
        code: str = "",
        values: Mapping[str, str] | None = None,
        problem: str | None = None,
    ) -> Response:
        settings = self._runtime.settings
        view = FirstStartView(
            site_name=settings.site_name,
            prefix=settings.address.prefix,
            code=code,
            values=values or {},
            problem=problem,
            shortest=SHORTEST_PASSWORD,
        )
        # The address of the form holds the code, which no other page may learn. A browser that is
        # told `no-referrer` sends no origin with a form, so the address stays within the site.
        headers = {**PRIVATE, **self._responses.form_headers, "Referrer-Policy": "same-origin"}
        return self._responses.page(render_first_start(view), status, headers)
