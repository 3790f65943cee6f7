"""The processes that render, each for one segment at a time."""

import json
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from playout.compose.assets import Assets
from playout.compose.sandboxed.drawing import search_paths
from playout.kit.errors import Unavailable
from playout.transcode.personal.pictures import Pictures, Place
from playout.transcode.sandbox.service import SandboxedService, ServiceEnded
from playout.transcode.sandbox.tools import Tools

START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
"""The longest time between two answers: some pictures are drawn and encoded in it."""
_LIFE_SECONDS = 30 * 24 * 3600
_START = (
    "import sys; sys.path += sys.argv[1:]; from playout.compose.rendering.child import main; main()"
)


@dataclass(frozen=True)
class Template:
    """A template as the processes get it, once each."""

    key: str
    """A name that no other manifest and assets have."""
    manifest: dict[str, Any]
    assets: Assets


@dataclass(frozen=True)
class SegmentJob:
    """A segment to be rendered for somebody."""

    template: Template
    data: dict[str, Any] = field(repr=False)
    pictures: Pictures
    place: Place
    base_head: bytes
    """The initialization segment of the base's rendition."""
    mezzanine: bytes = field(repr=False)
    """An MP4 of the frames of the segment."""


class RenderFailed(Exception):
    """The segment cannot be rendered, and trying again would not help."""


@dataclass
class _Seat:
    """A place for one process, which may have ended or not been started yet."""

    service: SandboxedService | None = None


class Renderers:
    """Processes that stay. They are started when they are first needed."""

    def __init__(self, find_tools: Callable[[], Tools], count: int, threads: int = 1) -> None:
        self._find_tools, self._threads = find_tools, threads
        self._seats = [_Seat() for _ in range(count)]
        # The last one that was used is the next: others need not even be started.
        self._free: queue.LifoQueue[_Seat] = queue.LifoQueue()
        for seat in self._seats:
            self._free.put(seat)
        # A process dies with the thread that started it, and threads of requests come and go.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="renderers")

    @property
    def pids(self) -> list[int]:
        """The processes that are alive."""
        return [seat.service.pid for seat in self._seats if seat.service]

    def render(self, job: SegmentJob) -> Iterator[bytes]:
        """Yield the fragments of a segment, each as soon as there is one.

        Wait for a process that is free. If the process ends before the first fragment, another one
        begins again. Raise `RenderFailed`, or `Unavailable` if the process ended later.
        """
        seat = self._free.get()
        try:
            yield from self._render_at(seat, job)
        except GeneratorExit:
            # It is still at work on what nobody waits for.
            self._end(seat)
            raise
        finally:
            self._free.put(seat)

    def close(self) -> None:
        """End all processes. Nothing may be rendered by then."""
        for seat in self._seats:
            self._end(seat)
        self._starter.shutdown()

    def _render_at(self, seat: _Seat, job: SegmentJob) -> Iterator[bytes]:
        has_begun = False
        for is_last in (False, True):
            try:
                for fragment in self._fragments(self._ready(seat), job):
                    has_begun = True
                    yield fragment
            except ServiceEnded as error:
                self._end(seat)
                if has_begun or is_last:
                    raise Unavailable("The film cannot be rendered at the moment.") from error
            else:
                return

    def _fragments(self, service: SandboxedService, job: SegmentJob) -> Iterator[bytes]:
        head = {
            "do": "segment",
            "template": job.template.key,
            "pictures": job.pictures.as_json(),
            "place": asdict(job.place),
            "threads": self._threads,
        }
        blobs = [json.dumps(job.data).encode(), job.base_head, job.mezzanine]
        service.send(head, blobs, ANSWER_SECONDS)
        while True:
            answer, fragments = service.receive(ANSWER_SECONDS)
            if "missing" in answer:
                _send_template(service, job.template)
                service.send(head, blobs, ANSWER_SECONDS)
            elif "failed" in answer:
                raise RenderFailed(answer["failed"])
            elif "done" in answer:
                return
            else:
                yield fragments[0]

    def _ready(self, seat: _Seat) -> SandboxedService:
        if seat.service is None:
            seat.service = self._starter.submit(self._start).result()
            try:
                seat.service.receive(START_SECONDS)
            except ServiceEnded as error:
                self._end(seat)
                raise Unavailable("Playout cannot start its renderer at the moment.") from error
        return seat.service

    def _start(self) -> SandboxedService:
        interpreter, paths = Path(sys.executable).resolve(), search_paths()
        command = [str(interpreter), "-I", "-S", "-c", _START, *paths]
        readable = [Path(sys.base_prefix), interpreter, *map(Path, paths)]
        return SandboxedService(command, self._find_tools().confinement(_LIFE_SECONDS), readable)

    def _end(self, seat: _Seat) -> None:
        if seat.service is not None:
            seat.service.end()
            seat.service = None


def _send_template(service: SandboxedService, template: Template) -> None:
    head = {"do": "template", "template": template.key, "assets": list(template.assets)}
    manifest = json.dumps(template.manifest).encode()
    service.send(head, [manifest, *template.assets.values()], ANSWER_SECONDS)
