"""Rendered segments: each is made once, for all viewers who see the same in it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from playout.compose.rendering.pool import SegmentJob
from playout.core.processing.scratch import job_folder
from playout.core.renders import queries
from playout.core.renders.films import Film, StoredSegment
from playout.core.renders.layout import RenditionLayout
from playout.core.renders.model import RenderedSegment
from playout.core.renders.resources import Resources
from playout.kit.clock import utcnow


@dataclass(frozen=True, slots=True)
class PersonalSegment:
    """A touched segment of a film."""

    film: Film
    rendition: RenditionLayout
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """The bytes that a segment is rendered from."""

    base_head: bytes
    """The initialization segment of the rendition."""
    mezzanine: bytes
    """An MP4 of the frames of the segment."""


def is_stored(resources: Resources, wanted: PersonalSegment) -> bool:
    """Return whether somebody has rendered a segment."""
    with resources.database.read_session() as session:
        return queries.segment(session, wanted.digest) is not None


def find_segment(resources: Resources, wanted: PersonalSegment) -> StoredSegment | None:
    """Return a segment that is stored, and note that the film shows it."""
    with resources.database.write_session() as session:
        return _noted(session, wanted)


def render_segment(
    resources: Resources,
    wanted: PersonalSegment,
    source: SegmentSource,
    on_fragment: Callable[[bytes], None],
) -> StoredSegment:
    """Render a segment, store it, and note that the film shows it.

    `on_fragment` is called with each fragment as soon as it is there, in this thread. There are no
    fragments if another process has rendered it meanwhile. Raise `RenderFailed`, or `Unavailable`.
    """
    with resources.database.write_session() as session:
        queries.lock_segment(session, wanted.digest)
        stored = _noted(session, wanted)
        if stored is not None:
            return stored
        fragments = []
        for fragment in resources.renderers.render(_job(wanted, source)):
            fragments.append(fragment)
            on_fragment(fragment)
        stored = _put(resources, wanted.film, b"".join(fragments))
        session.add(
            RenderedSegment(
                digest=wanted.digest,
                organization_id=wanted.film.organization_id,
                file=stored.key,
                size=stored.size,
                made_at=utcnow(),
            )
        )
        session.flush()
        _noted(session, wanted)
    return stored


def _noted(session: Session, wanted: PersonalSegment) -> StoredSegment | None:
    if not queries.note_use(session, wanted.film.bare_slug, wanted.digest, utcnow()):
        return None
    segment = queries.segment(session, wanted.digest)
    return None if segment is None else StoredSegment(segment.file, segment.size)


def _job(wanted: PersonalSegment, source: SegmentSource) -> SegmentJob:
    film, rendition = wanted.film, wanted.rendition
    return SegmentJob(
        film.template,
        dict(film.data),
        rendition.pictures,
        film.layout.place(rendition, wanted.number),
        source.base_head,
        source.mezzanine,
    )


def _put(resources: Resources, film: Film, content: bytes) -> StoredSegment:
    # The name says nothing about what it shows. It is never used again for another segment.
    key = f"renders/{film.version}/{uuid4()}.m4s"
    with job_folder(resources.job_folders) as folder:
        (folder / "segment").write_bytes(content)
        return StoredSegment(key, resources.storage.put(key, folder / "segment"))
