"""What the routes of distributions and of activations have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic

from fastapi import Response

from playout.api.answer import Answer
from playout.api.productions.envelope import Identified, before, page, success
from playout.api.productions.wire import PartChange, PartPatch, Ref
from playout.api.request import OpenRequest
from playout.core.batch import Change
from playout.core.distributions import productions, queries, service
from playout.core.distributions.model import Kind
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video
from playout.kit.ids import serial


@dataclass(frozen=True, slots=True)
class Parts(Generic[Kind]):
    """What one production has of one kind, in one call; `show` makes its JSON."""

    call: OpenRequest
    kind: type[Kind]
    production: str
    show: Callable[[ReadUnit, Video, Sequence[Kind]], Sequence[Identified]]

    def page(self, limit: int, cursor: str | None) -> Response:
        def use(unit: ReadUnit) -> Answer:
            video = productions.get(unit, serial(self.production))
            found = queries.page(unit, self.kind, video, limit + 1, before(cursor))
            return page(self.show(unit, video, found), limit)

        return self.call.answer_read(use)

    def add(self, items: Sequence[PartPatch]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            fields = [item.fields() for item in items]
            found = service.create(unit, self.kind, serial(self.production), fields)
            return success(self._shown(unit, found), 201)

        return self.call.answer_write(use)

    def change_many(self, items: Sequence[PartChange]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            changes = [item.to_change() for item in items]
            found = service.update_many(unit, self.kind, serial(self.production), changes)
            return success(self._shown(unit, found))

        return self.call.answer_write(use)

    def remove_many(self, items: Sequence[Ref]) -> Response:
        def use(unit: WriteUnit) -> Answer:
            ids = [item.id for item in items]
            service.remove_many(unit, self.kind, serial(self.production), ids)
            return success([{"id": str(each)} for each in ids])

        return self.call.answer_write(use)

    def one(self, part_id: str) -> Response:
        def use(unit: ReadUnit) -> Answer:
            video = productions.get(unit, serial(self.production))
            part = service.get(unit, self.kind, video, serial(part_id))
            answer = self._one(unit, part)
            # How it stands changes by itself, with the clock or with the video: no 304.
            return replace(answer, etag=None, headers={"ETag": part.etag})

        return self.call.answer_read(use)

    def change(self, part_id: str, body: PartPatch) -> Response:
        def use(unit: WriteUnit) -> Answer:
            change = Change(serial(part_id), body.fields())
            part = service.update(unit, self.kind, serial(self.production), change)
            return self._one(unit, part)

        return self.call.answer_write(use)

    def remove(self, part_id: str) -> Response:
        def use(unit: WriteUnit) -> Answer:
            service.remove(unit, self.kind, serial(self.production), serial(part_id))
            return success([{"id": part_id}])

        return self.call.answer_write(use)

    def _one(self, unit: ReadUnit, part: Kind) -> Answer:
        return success(self._shown(unit, [part]), etag=part.etag)

    def _shown(self, unit: ReadUnit, found: Sequence[Kind]) -> Sequence[Identified]:
        return self.show(unit, productions.get(unit, serial(self.production)), found)
