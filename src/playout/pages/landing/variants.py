"""Variants of pages: which one a visitor sees while an experiment runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from playout.core.analytics.subjects import variant_subject
from playout.core.analytics.visitors import is_bot, visitor_hash
from playout.core.experiments import queries
from playout.core.experiments.assignment import Running, Shown, assign, first, running
from playout.core.experiments.model import Experiment, Look, PageKind, page_of_video
from playout.core.unit import project_key
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.colors import readable_on
from playout.kit.errors import Unavailable
from playout.kit.http.client_address import client_address
from playout.kit.http.opt_out import opts_out
from playout.kit.user_agents import AGENT_LENGTH
from playout.runtime import Runtime

CACHE_SIZE = 10_000


class Varied(Unavailable):
    """An experiment runs on the page, and the variant is not chosen yet."""

    def __init__(self, running: Running, project_id: int) -> None:
        super().__init__("This page has changed at this moment. Load it again.")
        self.running = running
        self.project_id = project_id


@dataclass(frozen=True, slots=True)
class ShownLook:
    """The look of a page, and the subjects that its variant is counted for."""

    look: Look
    subjects: tuple[str, ...] = ()


def look_of(session: Session, page: str, project_id: int, shown: Shown | None) -> ShownLook:
    """Return how a page of a project looks to who sees that variant.

    Raise `Varied` while an experiment runs that `shown` is not a variant of.
    """
    experiment = queries.running(session, page)
    if experiment is None:
        return kept_look(session, page)
    if shown is None or shown.experiment_id != experiment.id:
        raise Varied(running(experiment), project_id)
    return _variant(session, experiment, shown)


def look_of_link(session: Session, video_id: int, link_id: int) -> ShownLook:
    """Return how the page of a guest link looks: the link is the visitor, for ever."""
    page = page_of_video(PageKind.LINKS, video_id)
    experiment = queries.running(session, page)
    if experiment is None:
        return kept_look(session, page)
    return _variant(session, experiment, assign(running(experiment), link_id))


def kept_look(session: Session, page: str) -> ShownLook:
    """Return how a page looks to whom no experiment shows a variant."""
    return ShownLook(queries.page_look(session, page))


def _variant(session: Session, experiment: Experiment, shown: Shown) -> ShownLook:
    kept = queries.page_look(session, experiment.page)
    varied = cast("Look", {**kept, **(experiment.look(shown.key) or {})})
    return ShownLook(varied, (variant_subject(experiment.id, shown.key),))


def fields_of(look: Look) -> dict[str, Any]:
    """Return the fields of the view of a page that a look replaces, all but its colour."""
    fields: dict[str, Any] = {name: each for name, each in look.items() if name != "cta_color"}
    if "poster_url" in look:
        fields["poster_size"] = None
    return fields


def styles_of(look: Look) -> Markup:
    """Return the styles of the call to action in the colour of a look."""
    color = look.get("cta_color")
    if not color:
        return Markup()
    rules = f"background:{color};border-color:{color};color:{readable_on(color)}"
    # It was checked to be hexadecimal digits when it was written.
    return Markup(f":is(.deeds,.act) .cta{{{rules}}}")  # noqa: S704


def variant_key(key: str, shown: Shown | None) -> str:
    """Return the key in memory of a variant of a page, the same for all who see it."""
    return key if shown is None else f"{key}#{shown.experiment_id}:{shown.key}"


class Variants:
    """Chooses variants. The same visitor sees the same one all day, without a cookie.

    Programs see the first variant, and so does whoever is not counted.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._running: Cache[Running] = Cache(runtime.invalidations, CACHE_SIZE)

    async def answer(
        self, request: Request, key: str, respond: Callable[[Shown | None], Awaitable[Response]]
    ) -> Response:
        """Return the response with the variant that this visitor sees, if the page has any."""
        known = self._running.get(key)
        generation = self._running.generation
        try:
            return await respond(await self._choose(request, known) if known else None)
        except Varied as varied:
            self._running.put(key, varied.running, generation, project_key(varied.project_id))
            return await respond(await self._choose(request, varied.running))

    async def _choose(self, request: Request, experiment: Running) -> Shown:
        headers = request.headers
        agent = headers.get("user-agent", "")[:AGENT_LENGTH]
        if opts_out(headers) or is_bot(agent) or not self._runtime.settings.analytics:
            return first(experiment)
        today = utcnow().date()
        salts = self._runtime.salts
        salt = salts.of_day(today)
        if salt is None:
            salt = await self._runtime.read_for_page(salts.open_day, today)
        return assign(experiment, visitor_hash(salt, client_address(request.scope), agent))
