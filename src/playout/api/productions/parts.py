"""What the routes of distributions and of activations have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from fastapi import Response

from playout.api.answer import Answer
from playout.api.call import OneCall
from playout.api.productions.envelope import Identified, before, page, success
from playout.api.productions.wire import PartChange, PartPatch, Ref
from playout.core.batch import Change
from playout.core.distributions import productions, queries, service
from playout.core.distributions.model import Child
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.kit.ids import parse_id


@dataclass(frozen=True, slots=True)
class Parts(Generic[Child]):
    """What one production has of one kind, in one call; `show` makes its JSON."""

    call: OneCall
    kind: type[Child]
    production: str
    show: Callable[[ReadUnit, Video, Sequence[Child]], Sequence[Identified]]

    def page(self, limit: int, cursor: str | None) -> Response:
        def use(unit: ReadUnit) -> Answer:
            video = productions.get(unit, parse_id(self.production))
            found = queries.page(unit, self.kind, video, limit + 1, before(cursor))
            return page(self.show(unit, video, found), limit)

        return self.call.show(use)

    def add(self, items: Sequence[PartPatch]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            fields = [item.fields() for item in items]
            found = service.create(unit, self.kind, parse_id(self.production), fields)
            return success(self._shown(unit, found), 201)

        return self.call.answer(use)

    def change_many(self, items: Sequence[PartChange]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            changes = [item.to_change() for item in items]
            found = service.update_many(unit, self.kind, parse_id(self.production), changes)
            return success(self._shown(unit, found))

        return self.call.answer(use)

    def remove_many(self, items: Sequence[Ref]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            ids = [item.id for item in items]
            service.remove_many(unit, self.kind, parse_id(self.production), ids)
            return success([{"id": str(each)} for each in ids])

        return self.call.answer(use)

    def one(self, part_id: str) -> Response:
        def use(unit: ReadUnit) -> Answer:
            video = productions.get(unit, parse_id(self.production))
            part = service.get(unit, self.kind, video, parse_id(part_id))
            answer = self._one(unit, part)
            # How it stands changes by itself, with the clock or with the video: no 304.
            return replace(answer, etag=None, headers={"ETag": part.etag})

        return self.call.show(use)

    def change(self, part_id: str, body: PartPatch) -> Response:
        def use(unit: WriteUnit) -> Answer:
            change = Change(parse_id(part_id), body.fields())
            part = service.update(unit, self.kind, parse_id(self.production), change)
            return self._one(unit, part)

        return self.call.answer(use)

    def remove(self, part_id: str) -> Response:
        def use(unit: WriteUnit) -> Answer:
            service.remove(unit, self.kind, parse_id(self.production), parse_id(part_id))
            return success([{"id": part_id}])

        return self.call.answer(use)

    def _one(self, unit: ReadUnit, part: Child) -> Answer:
        return success(self._shown(unit, [part]), etag=part.etag)

    def _shown(self, unit: ReadUnit, found: Sequence[Child]) -> Sequence[Identified]:
        return self.show(unit, productions.get(unit, parse_id(self.production)), found)
