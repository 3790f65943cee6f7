"""The page of a recipient: a landing page that plays the film of one person."""

import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from playout.core.playback.grants import share_holder
from playout.core.recipients.serving import admitted
from playout.core.renders.films import Films
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.ids import RANDOM_SLUG
from playout.pages.kept_pages import KeptPages
from playout.pages.landing.brands import Resting
from playout.pages.landing.entrance import Locked
from playout.pages.landing.shares import landing_at, page_name, render_landing
from playout.pages.landing.variants import kept_look
from playout.pages.responses import PRIVATE, Responses
from playout.pages.views import Rendered
from playout.runtime import Runtime

_NO_REFERRER = {"Referrer-Policy": "no-referrer"}
"""The address of the page is as good as a key: no other site may learn it."""


class RecipientPages:
    """The endpoint `/s/{slug}/{code}`. No cache keeps its answers."""

    def __init__(
        self, runtime: Runtime, films: Films, kept: KeptPages, responses: Responses
    ) -> None:
        self._runtime, self._films = runtime, films
        self._kept, self._responses = kept, responses

    async def answer(self, request: Request) -> Response:
        slug, code = request.path_params["slug"], request.path_params["code"]
        now = utcnow()
        headers = {**self._responses.player_headers, **_NO_REFERRER}
        try:
            page = await self._runtime.read_for_page(self._render, slug, code, now)
        except Resting as resting:
            return self._responses.resting(resting.page, {**PRIVATE, **_NO_REFERRER})
        except Locked as locked:
            return await self._kept.answer_behind(
                request,
                locked.door,
                lambda: self._render(slug, code, now, is_let_in=True),
                headers,
            )
        headers = {**PRIVATE, **self._responses.styled(headers, page.styles)}
        return self._responses.page(page.html, headers=headers)

    def _render(self, slug: str, code: str, now: datetime, *, is_let_in: bool = False) -> Rendered:
        if not re.fullmatch(RANDOM_SLUG, code):
            raise NotFound("There is no such page.")
        runtime = self._runtime
        with runtime.database.read_session() as session:
            found = landing_at(runtime, session, slug, now, code=code, is_let_in=is_let_in)
            recipient = admitted(session, found.share, code, now)
            if recipient is None:
                raise NotFound("There is no such page.")
            film = share_holder(code, found.share.address_seal)
            return render_landing(
                runtime,
                self._films,
                session,
                found,
                kept_look(session, page_name(found.share)),
                film=film,
                recipient=recipient.id,
            )
