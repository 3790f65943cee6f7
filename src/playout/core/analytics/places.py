"""The video, the share or the link that a request for a segment belongs to."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from playout.core.analytics.subjects import (
    link_subject,
    project_subject,
    publication_subject,
    share_subject,
    video_subject,
)
from playout.core.brands import queries as brands
from playout.core.distributions.campaigns import Campaign
from playout.core.distributions.model import Activation
from playout.core.links.model import GuestLink
from playout.core.media.model import Rendition
from playout.core.playback.grants import Grant
from playout.core.projects.model import Project
from playout.core.publications.model import Publication
from playout.core.shares.model import Share
from playout.core.videos.model import Video
from playout.kit.database.engine import Database
from playout.transcode.names import TrackKind

KNOWN_SECONDS = 60.0
MOST_KNOWN = 2_000
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Place:
    """The subjects of what a grant opens, the video first. `asks` if the project has a consent."""

    subjects: tuple[str, ...]
    asks: bool
    campaigns: tuple[tuple[int, Campaign], ...]


@dataclass(frozen=True, slots=True)
class Track:
    """The segments of a rendition: where each begins in its file, and in the video."""

    rendition: str | None
    offsets: tuple[int, ...]
    times_ms: tuple[int, ...]

    def time_at(self, offset: int) -> int | None:
        """Return when the segment at an offset begins, in milliseconds; None before the first."""
        index = bisect_right(self.offsets, offset) - 1
        return self.times_ms[index] if 0 <= index < len(self.times_ms) else None


class Places:
    """Places and tracks that were looked up during the last minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def place(self, uid: UUID, holder: str, now: float) -> Place | None:
        """Return the place of a grant for a video; None for a video that is gone."""
        return self._look_up(("place", uid, holder), now, lambda each: _place(each, uid, holder))

    def track(self, file: str, now: float) -> Track | None:
        """Return the rendition with that file, by its key; None for a file without segments."""
        return self._look_up(("track", file), now, lambda session: _track(session, file))

    def _look_up(self, key: Hashable, now: float, find: Callable[[Session], Found]) -> Found:
        known = self._known.get(key)
        if known is not None and now - known[0] < KNOWN_SECONDS:
            found: Found = known[1]
            return found
        with self._database.read_session() as session:
            found = find(session)
        self._known[key] = now, found
        self._known.move_to_end(key)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return found


def _place(session: Session, uid: UUID, holder: str) -> Place | None:
    query = select(Video.id, Project, Publication.id)
    query = query.join(Project, Project.id == Video.project_id)
    query = query.outerjoin(Publication, Publication.video_id == Video.id)
    row = session.execute(query.where(Video.uid == uid, Video.deleted_at.is_(None))).one_or_none()
    if row is None:
        return None
    video_id, project, publication_id = row
    grant = Grant.of(holder)
    own = _own_subject(session, grant, publication_id)
    activations = select(Activation.id, Activation.settings).where(Activation.video_id == video_id)
    is_distributed = grant.distribution_id is not None
    found = session.execute(activations).all() if is_distributed else ()
    return Place(
        (video_subject(video_id), project_subject(project.id), *((own,) if own else ())),
        brands.of_project(session, project).consent is not None,
        tuple((each, Campaign.parse(settings)) for each, settings in found),
    )


def _own_subject(session: Session, grant: Grant, publication_id: str | None) -> str | None:
    """Return the share or the guest link that a grant was made through, or the publication."""
    if grant.link is not None:
        link = session.scalar(select(GuestLink.id).where(GuestLink.slug == grant.link[0]))
        return link_subject(link) if link is not None else None
    if grant.share:
        share = session.scalar(select(Share).where(Share.slug == grant.share))
        return share_subject(share.project_id, share.channel) if share else None
    if grant.distribution_id is not None or publication_id is None:
        return None
    return publication_subject(publication_id)


def _track(session: Session, file: str) -> Track | None:
    folder, _, name = file.rpartition("/")
    query = select(Rendition).where(Rendition.folder == folder, Rendition.kind == TrackKind.VIDEO)
    loaded = (undefer(Rendition.segment_ticks), undefer(Rendition.segment_sizes))
    found = session.scalars(query.options(*loaded))
    rendition = next((each for each in found if each.file_name == name), None)
    if rendition is None:
        return None
    ticks = accumulate(rendition.segment_ticks, initial=rendition.start)
    lines = min(rendition.width or 0, rendition.height or 0)
    return Track(
        f"{lines}p" if lines else None,
        tuple(accumulate(rendition.segment_sizes, initial=rendition.index_end)),
        tuple(each * 1000 // rendition.timescale for each in ticks),
    )
