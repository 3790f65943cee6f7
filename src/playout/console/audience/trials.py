"""The pages that experiments run on: those of a video, or the landing page of a channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playout.console.landing.places import channel_in
from playout.console.texts import marked
from playout.console.visit import Visit
from playout.core.experiments import service
from playout.core.experiments import shares as of_shares
from playout.core.experiments.model import Experiment, Goal, PageKind, Variant
from playout.core.permissions import Permission
from playout.core.shares import service as shares
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos

KINDS: Mapping[PageKind, str] = {
    PageKind.WATCH: "Watch page",
    PageKind.LINKS: "Guest links",
    PageKind.SHARE: "Landing page",
}
LEFT = {
    PageKind.WATCH: marked(
        "The page keeps what the winner changes, and the experiment ends. The title of the video "
        "changes, too, if the winner has one."
    ),
    PageKind.LINKS: marked(
        "The pages of all guest links keep what the winner changes, and the experiment ends. "
        "The video stays as it is."
    ),
    PageKind.SHARE: marked(
        "The landing page keeps what the winner changes, and the experiment ends. Recipients see "
        "it, too."
    ),
}
"""The traces that a winner leaves, by the page that it won on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment that is to begin."""

    kind: PageKind
    name: str
    goal: Goal
    variants: Sequence[Variant]


class OfVideo:
    """The watch page of a video, and the pages of all its guest links."""

    kinds = (PageKind.WATCH, PageKind.LINKS)
    needs = Permission.VIDEOS_PUBLISH

    def __init__(self, visit: Visit) -> None:
        self._id = visit.number("video")
        self.path = f"/audience/videos/{self._id}"
        self.api = f"videos/{self._id}"

    def title(self, unit: ReadUnit) -> str:
        return videos.get(unit, self._id).title

    def page(self, unit: ReadUnit, offset: int, limit: int) -> tuple[list[Experiment], int]:
        return service.page(unit, self._id, offset, limit)

    def get(self, unit: ReadUnit, id: int) -> Experiment:
        return service.get(unit, self._id, id)

    def create(self, unit: WriteUnit, plan: Plan) -> Experiment:
        return service.create(unit, self._id, plan.name, plan.goal, plan.variants, kind=plan.kind)

    def decide(self, unit: WriteUnit, id: int, winner: str) -> Experiment:
        return service.decide(unit, self._id, id, winner)

    def stop(self, unit: WriteUnit, id: int) -> None:
        service.stop(unit, self._id, id)


class OfShare:
    """The landing page of a channel."""

    kinds = (PageKind.SHARE,)
    needs = Permission.SHARES_WRITE

    def __init__(self, visit: Visit) -> None:
        self._project, self._channel = visit.number("project"), channel_in(visit)
        self.path = f"/audience/projects/{self._project}/shares/{self._channel}"
        self.api = f"workspaces/{self._project}/shares/{self._channel}"

    def title(self, unit: ReadUnit) -> str:
        return shares.get(unit, self._project, self._channel).public_title

    def page(self, unit: ReadUnit, offset: int, limit: int) -> tuple[list[Experiment], int]:
        return of_shares.page(unit, self._project, self._channel, offset, limit)

    def get(self, unit: ReadUnit, id: int) -> Experiment:
        return of_shares.get(unit, self._project, self._channel, id)

    def create(self, unit: WriteUnit, plan: Plan) -> Experiment:
        return of_shares.create(
            unit,
            self._project,
            self._channel,
            name=plan.name,
            goal=plan.goal,
            variants=plan.variants,
        )

    def decide(self, unit: WriteUnit, id: int, winner: str) -> Experiment:
        return of_shares.decide(unit, self._project, self._channel, id, winner)

    def stop(self, unit: WriteUnit, id: int) -> None:
        of_shares.stop(unit, self._project, self._channel, id)


Tried = OfVideo | OfShare
"""A thing with pages that experiments run on. `path` is that of its numbers, below the console's
own; `api` is its path in the Videos API; `needs` is the permission that changes experiments."""
