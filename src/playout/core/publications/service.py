"""Use cases of publications: publish, edit, unpublish."""

from collections.abc import Callable
from dataclasses import dataclass

from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.publications import queries, slugs
from playout.core.publications.model import Publication, PublishInput
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries as video_queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video, VideoFields, Visibility
from playout.core.videos.timetable import Publishing
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Conflict, Forbidden, NotFound, require_found
from playout.kit.ids import hex24


@dataclass(frozen=True, slots=True)
class PublishResult:
    """A publication after publishing or editing, and whether it is new."""

    publication: Publication
    video: Video
    created: bool


def publish(unit: WriteUnit, sent: PublishInput) -> PublishResult:
    """Publish the video of a session for everybody.

    Publishing again edits the publication: fields that are left out keep their values. Raise
    `NotFound`, `Forbidden` for the session of another account, and `Conflict` when the session has
    no final video yet or another published video has the requested slug.
    """
    check_web_addresses(sent.fields)
    video = _session_for_update(unit, sent.session_id)
    if not video.playable:
        raise Conflict("The session has no final video URL yet.")
    publication = queries.of_video(unit, video)
    if publication is not None:
        return _edit(unit, video, publication, sent, Visibility.PUBLIC)
    return _publish(unit, video, sent, Visibility.PUBLIC)


def edit(unit: WriteUnit, sent: PublishInput) -> PublishResult:
    """Change a publication. Fields that are left out, and the visibility, keep their values.

    Raise as `publish` does, and `NotFound` when the session has no publication.
    """
    check_web_addresses(sent.fields)
    video = _session_for_update(unit, sent.session_id)
    return _edit(unit, video, _publication(unit, video), sent, video.visibility)


def revoke(unit: WriteUnit, session_id: str) -> tuple[str, Video]:
    """Unpublish the video of a session. Return the id that its publication had."""
    video = _session_for_update(unit, session_id)
    publication = _publication(unit, video)
    _unpublish(unit, video, publication)
    return publication.id, video


def publish_video(
    unit: WriteUnit,
    video_id: int,
    fields: VideoFields,
    source_url: str | None = None,
    external_url: str | None = None,
) -> Video:
    """Publish a video for everyone its visibility allows, after changing it as `update` does.

    Raise `NotFound`, and `Conflict` when it is not completed even after the change.
    """
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    unit.read_with_lock(queries.OF_LOCKED_VIDEO, {"video_id": video_id})
    video = videos.get_for_update(unit, video_id)
    videos.change(unit, video, fields, source_url, external_url)
    if not video.playable:
        raise Conflict("The video is not completed yet.")
    if queries.of_video(unit, video) is None:
        _publish(unit, video, PublishInput(video.session_id, {}), video.visibility)
    return video


def publish_again(unit: WriteUnit, video_id: int) -> Video:
    """Publish a video at the address that it had last. Raise as `publish_video` does."""
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = videos.get_for_update(unit, video_id)
    if not video.playable:
        raise Conflict("The video is not completed yet.")
    if queries.of_video(unit, video) is None:
        sent = PublishInput(video.session_id, {})
        _publish(unit, video, sent, video.visibility, choose_slug=slugs.take_last)
    return video


def video_at(unit: ReadUnit, video_id: int, slug: str) -> Video:
    """Return a video that the caller may see and that is published under that slug.

    Raise `NotFound` otherwise.
    """
    video = videos.get(unit, video_id)
    publication = queries.of_videos(unit, {video.id}).get(video.id)
    if publication is None or publication.slug != slug:
        raise NotFound("The video is not at that address.")
    return video


def unpublish_video(unit: WriteUnit, video_id: int) -> Publication | None:
    """Unpublish a video: it leaves everything public at once. A draft stays as it is.

    Return the publication that it had.
    """
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    video = videos.get_for_update(unit, video_id)
    publication = queries.of_video(unit, video)
    if publication is not None:
        _unpublish(unit, video, publication)
    return publication


def make_due_changes(unit: WriteUnit, video_id: int) -> None:
    """Publish, unpublish or show to others a video whose time for that has come.

    Changes are made in the order of their times, each as if somebody had made it. One that changes
    nothing, such as unpublishing a draft, leaves no event. A video that somebody changes at this
    moment stays as it is.
    """
    video = video_queries.lock_if_free(unit, video_id)
    while video is not None and (due := video.take_due(unit.now)) is not None:
        unit.touch(video)
        publication = queries.of_video(unit, video)
        if due.to == Publishing.PUBLISH and publication is None:
            _publish(unit, video, PublishInput(video.session_id, {}), video.visibility)
        elif due.to == Publishing.UNPUBLISH and publication is not None:
            _unpublish(unit, video, publication)
        elif due.to in set(Visibility):
            videos.change(unit, video, {"visibility": Visibility(due.to)})
        unit.session.flush()


def delete_video(unit: WriteUnit, video_id: int) -> Publication | None:
    """Delete a video: it leaves everything public at once. Return the publication that it had."""
    video = videos.get_for_update(unit, video_id)
    publication = queries.of_video(unit, video)
    delete(unit, video, publication)
    return publication


def delete(unit: WriteUnit, video: Video, publication: Publication | None) -> None:
    """Delete a locked video that the caller may change, with its publication, if it has one."""
    if publication is not None:
        _unpublish(unit, video, publication)
    videos.mark_deleted(unit, video)


def _publish(
    unit: WriteUnit,
    video: Video,
    sent: PublishInput,
    visibility: Visibility,
    choose_slug: Callable[[WriteUnit, Video, str], str] = slugs.derive,
) -> PublishResult:
    publication = unit.stamp(Publication(id=hex24(), video_id=video.id, **sent.fields))
    publication.slug = (
        slugs.claim(unit, video, sent.slug)
        if sent.slug
        else choose_slug(unit, video, publication.public_fields(video)["title"])
    )
    unit.session.add(publication)
    video.publish(visibility)
    unit.record("video.published", video, differences({}, publication.audit_state(video)))
    return PublishResult(publication, video, created=True)


def _unpublish(unit: WriteUnit, video: Video, publication: Publication) -> None:
    unit.session.delete(publication)
    video.unpublish()
    slugs.release(unit, video)
    unit.record("video.unpublished", video, {"slug": [publication.slug, None]})


def _session_for_update(unit: WriteUnit, session_id: str) -> Video:
    """Return the video of a session, locked so that changes of the session wait for each other."""
    unit.read_with_lock(queries.OF_LOCKED_SESSION, {"session_id": session_id})
    video = require_found(video_queries.session_for_update(unit, session_id), "session")
    if not unit.principal.owns(video.organization_id, video.project_id, video.sub_account_id):
        raise Forbidden("The session does not belong to this account.")
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    unit.check_if_match(video.etag)
    return video


def _publication(unit: WriteUnit, video: Video) -> Publication:
    publication = queries.of_video(unit, video)
    if publication is None:
        raise NotFound("The session has no publication.")
    return publication


def _edit(
    unit: WriteUnit,
    video: Video,
    publication: Publication,
    sent: PublishInput,
    visibility: Visibility,
) -> PublishResult:
    before = publication.audit_state(video) | {"visibility": video.visibility}
    for name, value in sent.fields.items():
        setattr(publication, name, value)
    if sent.slug:
        publication.slug = slugs.claim(unit, video, sent.slug)
    video.publish(visibility)
    changes = differences(before, publication.audit_state(video) | {"visibility": visibility})
    if changes:
        unit.touch(publication)
        unit.record("video.updated", video, changes)
    return PublishResult(publication, video, created=False)
