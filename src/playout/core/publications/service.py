"""Use cases of publications: publish, edit, revoke."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.publications import queries, slugs
from playout.core.publications.model import Publication, Wanted
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import FEED, Video, Visibility
from playout.kit.errors import Conflict, Forbidden, NotFound
from playout.kit.ids import hex24


@dataclass(frozen=True, slots=True)
class Outcome:
    """What publishing or editing came to."""

    publication: Publication
    video: Video
    created: bool


def publish(unit: WriteUnit, wanted: Wanted) -> Outcome:
    """Bring a session's video out, for everybody; publishing again keeps what is not sent.

    Raises `NotFound`, `Forbidden` for another actor's session, `Conflict` when the session has no
    final video yet or the slug that was asked for is taken.
    """
    video = _session(unit, wanted.session_id)
    if not video.playable:
        raise Conflict("The session has no final video URL yet.")
    publication = queries.of_video(unit, video)
    if publication is not None:
        return _edited(unit, video, publication, wanted, Visibility.PUBLIC)
    return _out(unit, video, wanted, Visibility.PUBLIC)


def edit(unit: WriteUnit, wanted: Wanted) -> Outcome:
    """Change a publication; what is not sent stays, and so does who may see it.

    Raises as `publish` does, and `NotFound` when the session has no publication.
    """
    video = _session(unit, wanted.session_id)
    return _edited(unit, video, _publication(unit, video), wanted, video.visibility)


def revoke(unit: WriteUnit, session_id: str) -> tuple[str, Video]:
    """Take a video out of everything public at once; return the id that its publication had."""
    video = _session(unit, session_id)
    publication = _publication(unit, video)
    _withdraw(unit, video, publication)
    return publication.id, video


def publish_video(
    unit: WriteUnit,
    video_id: int,
    fields: Mapping[str, Any],
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Bring a video out for those whom its visibility lets in, changing it as `videos.update` does.

    Raises `NotFound`, and `Conflict` when it is not completed, by the change at the latest.
    """
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = videos.locked(unit, video_id)
    videos.change(unit, video, fields, source_url, external_url)
    if not video.playable:
        raise Conflict("The video is not completed yet.")
    if queries.of_video(unit, video) is None:
        _out(unit, video, Wanted(video.session_id, {}), video.visibility)
    return video


def video_at(unit: ReadUnit, video_id: int, slug: str) -> Video:
    """The video if it is out under that slug and the caller may see it; else `NotFound`."""
    video = videos.get(unit, video_id)
    publication = queries.of_videos(unit, {video.id}).get(video.id)
    if publication is None or publication.slug != slug:
        raise NotFound("The video is not at that address.")
    return video


def unpublish_video(unit: WriteUnit, video_id: int) -> None:
    """Take a video out of everything public at once. One that is not out stays as it is."""
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = videos.locked(unit, video_id)
    publication = queries.of_video(unit, video)
    if publication is not None:
        _withdraw(unit, video, publication)


def delete_video(unit: WriteUnit, video_id: int) -> None:
    """Remove a video, and take it out of everything public at once."""
    unit.principal.require(Permission.VIDEOS_WRITE)
    video = videos.locked(unit, video_id)
    delete(unit, video, queries.of_video(unit, video))


def delete(unit: WriteUnit, video: Video, publication: Publication | None) -> None:
    """Remove a locked video with its publication, if it has one. Raises `Forbidden` for one that
    is out to somebody who may not publish."""
    if publication is not None:
        unit.principal.require(Permission.VIDEOS_PUBLISH)
        _withdraw(unit, video, publication)
    videos.mark_deleted(unit, video)


def _out(unit: WriteUnit, video: Video, wanted: Wanted, visibility: Visibility) -> Outcome:
    publication = Publication(
        id=hex24(), video_id=video.id, created_at=unit.now, updated_at=unit.now, **wanted.fields
    )
    publication.slug = (
        slugs.claim(unit, video, wanted.slug)
        if wanted.slug
        else slugs.derive(unit, video, publication.shown(video)["title"])
    )
    unit.session.add(publication)
    video.appear(visibility)
    _touch(unit, video)
    unit.record("video.published", video.subject, differences({}, publication.state(video)))
    return Outcome(publication, video, created=True)


def _withdraw(unit: WriteUnit, video: Video, publication: Publication) -> None:
    unit.session.delete(publication)
    video.disappear()
    _touch(unit, video)
    unit.record("video.unpublished", video.subject, {"slug": [publication.slug, None]})


def _session(unit: WriteUnit, session_id: str) -> Video:
    """The locked video of a session: all that happens to one session happens in turn."""
    video = video_queries.session_for_update(unit, session_id)
    if video is None:
        raise NotFound("There is no such session.")
    if not unit.principal.owns(video.organization_id, video.project_id, video.sub_account_id):
        raise Forbidden("The session does not belong to this account.")
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    unit.expect(video.etag)
    return video


def _publication(unit: WriteUnit, video: Video) -> Publication:
    publication = queries.of_video(unit, video)
    if publication is None:
        raise NotFound("The session has no publication.")
    return publication


def _edited(
    unit: WriteUnit, video: Video, publication: Publication, wanted: Wanted, visibility: Visibility
) -> Outcome:
    before = publication.state(video) | {"visibility": video.visibility}
    for name, value in wanted.fields.items():
        setattr(publication, name, value)
    if wanted.slug:
        publication.slug = slugs.claim(unit, video, wanted.slug)
    video.appear(visibility)
    changed = differences(before, publication.state(video) | {"visibility": visibility})
    if changed:
        publication.updated_at = unit.now
        _touch(unit, video)
        unit.record("video.updated", video.subject, changed)
    return Outcome(publication, video, created=False)


def _touch(unit: WriteUnit, video: Video) -> None:
    video.updated_at, video.updated_by = unit.now, unit.principal.name
    unit.changed(FEED, video.cache_key)
