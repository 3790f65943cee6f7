"""The form behind an account link: an invitation, or a link that sets a password."""

from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from playout.core.accounts import account_links
from playout.core.accounts.model import LinkKind, User
from playout.core.accounts.people import SHORTEST_PASSWORD, own_user
from playout.core.accounts.service import NAME_LENGTH
from playout.core.accounts.sessions import Arrival, is_personal
from playout.core.principal import WORKER, Principal
from playout.core.unit import Origin
from playout.kit.errors import Conflict, Forbidden, Invalid, NotFound
from playout.kit.text import normalize
from playout.pages.accounts.sign_in import SignIn
from playout.pages.accounts.views import AccountLinkView
from playout.pages.forms import check_origin, read_form
from playout.pages.render import render_account_link
from playout.pages.responses import PRIVATE, Responses
from playout.pages.viewers import COOKIE, Viewers
from playout.runtime import Runtime

PATH = "/join"
ORIGIN = Origin("pages")


class AccountLinks:
    """Serves `/join`. To look at a link does not use it up: mail programs look at links, too."""

    def __init__(
        self, runtime: Runtime, viewers: Viewers, sign_in: SignIn, responses: Responses
    ) -> None:
        self._runtime = runtime
        self._viewers = viewers
        self._sign_in = sign_in
        self._responses = responses

    def routes(self) -> Sequence[BaseRoute]:
        return [Route(PATH, self.form), Route(PATH, self.use, methods=["POST"])]

    async def form(self, request: Request) -> Response:
        return await self._page(request, request.query_params.get("code", ""))

    async def use(self, request: Request) -> Response:
        check_origin(request, self._runtime.settings.base_url)
        form = await read_form(request)
        viewer = await self._viewers.viewer_of(request)
        try:
            cookie = request.cookies.get(COOKIE, "")
            user, organization_id = await run_in_threadpool(self._use, form, viewer, cookie)
        except NotFound:
            return self._closed()
        except (Conflict, Forbidden, Invalid) as error:
            return await self._page(request, form.get("code", ""), form, error.message)
        answer = RedirectResponse(f"{self._runtime.settings.address.prefix}/console", 303, PRIVATE)
        await self._sign_in.enter(request, answer, user, Arrival(organization_id=organization_id))
        return answer

    def _use(
        self, form: Mapping[str, str], viewer: Principal | None, cookie: str
    ) -> tuple[User, int]:
        """Use a link up. Return the person, and the id of the organization that it is of."""
        signer, code = self._runtime.signer, form.get("code", "")
        name, password = (normalize(form.get(each, "")) for each in ("full_name", "password"))
        # Whoever has the link acts for the administrator who made it.
        with self._runtime.work.write(WORKER, ORIGIN) as unit:
            link, organization = account_links.find(unit, signer, code)
            if link.kind is LinkKind.PASSWORD:
                user = account_links.use_password_link(unit, signer, code, password)
            elif viewer is not None and is_personal(unit, signer, cookie, viewer):
                user = account_links.join_as(unit, signer, code, own_user(unit, viewer))
            else:
                user = account_links.join(unit, signer, code, _name(name), password)
            return user, organization.id

    async def _page(
        self,
        request: Request,
        code: str,
        values: Mapping[str, str] | None = None,
        problem: str | None = None,
    ) -> Response:
        viewer = await self._viewers.viewer_of(request)
        cookie = request.cookies.get(COOKIE, "")
        try:
            view = await self._runtime.read_for_page(
                self._view, code, viewer, cookie, values or {}, problem
            )
        except NotFound:
            return self._closed()
        # The address holds the code, which no other page may learn.
        headers = {**PRIVATE, **self._responses.form_headers, "Referrer-Policy": "same-origin"}
        return self._responses.page(render_account_link(view), 400 if problem else 200, headers)

    def _view(
        self,
        code: str,
        viewer: Principal | None,
        cookie: str,
        values: Mapping[str, str],
        problem: str | None,
    ) -> AccountLinkView:
        signer, settings = self._runtime.signer, self._runtime.settings
        with self._runtime.work.read(WORKER) as unit:
            link, organization = account_links.find(unit, signer, code)
            invited = link.kind is LinkKind.INVITATION
            name = None
            if invited and viewer is not None and is_personal(unit, signer, cookie, viewer):
                name = own_user(unit, viewer).email
            return AccountLinkView(
                site_name=settings.site_name,
                prefix=settings.address.prefix,
                code=code,
                organization=organization.name,
                email=link.email,
                is_invitation=invited,
                role=link.role or "",
                viewer=name,
                values=values,
                problem=problem,
                shortest=SHORTEST_PASSWORD,
            )

    def _closed(self) -> Response:
        return self._responses.notice("This link opens nothing", account_links.CLOSED, 404)


def _name(text: str) -> str:
    """Return a name as it is stored. Raise `Invalid`."""
    name = text.strip()
    if not 0 < len(name) <= NAME_LENGTH or any(character < " " for character in name):
        raise Invalid(f"A name is a line of 1 to {NAME_LENGTH} characters.")
    return name
