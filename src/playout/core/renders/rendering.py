"""Rendering segments on machines that do nothing else: by jobs of the queue `render`.

A server that renders nothing itself defers a job for each segment that somebody waits for. A job
that has waited too long is of no use to anybody, and does nothing.
"""

import asyncio
from datetime import datetime

import structlog

from playout.compose.rendering.pool import RenderFailed
from playout.core.renders.films import Films, StoredSegment
from playout.core.renders.layout import RenditionLayout
from playout.core.renders.resources import Resources
from playout.core.renders.segments import (
    PersonalSegment,
    SegmentSource,
    find_segment,
    render_segment,
)
from playout.kit import jobs
from playout.kit.clock import utcnow
from playout.kit.errors import PlayoutError
from playout.kit.jobs import job
from playout.kit.storage.store import Storage

log = structlog.get_logger(__name__)


class SegmentRenderer:
    """The films whose segments the jobs of a process render."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._films = Films(resources)

    async def render(self, film: str, rendition: str, number: int) -> None:
        """Render a segment, unless it is stored already or the film plays no more."""
        # Whoever waits asks again. A job that fails is kept and logged, with the film's address.
        try:
            wanted = await asyncio.to_thread(self._wanted, film, rendition, number)
            if wanted is not None:
                source = await read_source(self._resources.storage, wanted)
                await asyncio.to_thread(render_segment, self._resources, wanted, source, _ignore)
        except (PlayoutError, RenderFailed) as error:
            log.warning("film.segment_failed", reason=str(error))
        except Exception as error:  # its text may name the film
            log.warning("film.segment_failed", reason=type(error).__name__)

    def _wanted(self, slug: str, name: str, number: int) -> PersonalSegment | None:
        film = self._films.cached(slug) or self._films.load(slug)
        rendition = film.layout.rendition(name) if film else None
        if film is None or rendition is None or number not in film.touched:
            return None
        digest = self._films.digest(film, rendition, number)
        wanted = PersonalSegment(film, rendition, number, digest)
        return None if find_segment(self._resources, wanted) else wanted


@job(name="renders.segment", queue="render")
async def render_later(
    renderer: SegmentRenderer, film: str, rendition: str, number: int, until: datetime
) -> None:
    """Render a segment that somebody waits for until then."""
    if utcnow() < until:
        await renderer.render(film, rendition, number)


def ask_for_segment(resources: Resources, wanted: PersonalSegment, until: datetime) -> None:
    """Have another machine render a segment, if that begins before `until`."""
    film, rendition = wanted.film.slug, wanted.rendition.name
    with resources.database.write_session() as session:
        jobs.defer(session, render_later, film, rendition, wanted.number, until)


async def read_source(storage: Storage, wanted: PersonalSegment) -> SegmentSource:
    """Read the bytes that a segment is rendered from."""
    rendition, folder = wanted.rendition, wanted.film.folder
    start, end = wanted.film.layout.mezzanine_range(rendition, wanted.number)
    mezzanine = f"{folder}/{rendition.mezzanine_file}"
    base_head = await read_bytes(
        storage, f"{folder}/{rendition.file}", 0, rendition.fragments.init_end
    )
    head = await read_bytes(storage, mezzanine, 0, _init_end(rendition))
    return SegmentSource(base_head, head + await read_bytes(storage, mezzanine, start, end))


async def read_bytes(storage: Storage, key: str, start: int, end: int) -> bytes:
    """Return the bytes of a file from `start` up to, but not including, `end`."""
    return b"".join([chunk async for chunk in storage.read(key, start, end)])


async def read_stored(storage: Storage, stored: StoredSegment) -> bytes:
    """Return a segment that is stored."""
    return await read_bytes(storage, stored.key, 0, stored.size)


def _init_end(rendition: RenditionLayout) -> int:
    assert rendition.mezzanine is not None  # noqa: S101  for the type checker
    return rendition.mezzanine.init_end


def _ignore(_fragment: bytes) -> None:
    """Nobody is sent a segment while it is rendered here: it is read when it is stored."""
