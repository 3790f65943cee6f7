"""Use cases of guest links: create, list, change, revoke."""

from playout.core.ledger.model import differences
from playout.core.links import queries
from playout.core.links.model import GuestLink, LinkFields
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.kit.errors import Conflict, Invalid, require_found
from playout.kit.ids import random_slug
from playout.kit.passwords import hash_password

NOUN = "link"


def page(unit: ReadUnit, video_id: int, offset: int, limit: int) -> tuple[list[GuestLink], int]:
    """Return a page of the links of a video, newest first, and how many it has.

    An address opens the video, so only those read it who may publish. Raise `NotFound`.
    """
    return queries.page(unit, _video(unit, video_id), offset, limit)


def get(unit: ReadUnit, video_id: int, link_id: int) -> GuestLink:
    """Return a link of a video. Raise `NotFound`, and `Forbidden` as `page` does."""
    return require_found(queries.by_id(unit, _video(unit, video_id), link_id), NOUN)


def create(unit: WriteUnit, video_id: int, fields: LinkFields) -> GuestLink:
    """Create a link to a video; `name` is required. Raise `NotFound` and `Invalid`."""
    video = _video(unit, video_id)
    link = unit.stamp(GuestLink(slug=random_slug(), video=video, views=0, epoch=0))
    _apply(unit, link, fields)
    unit.session.add(link)
    unit.session.flush()  # gives it its id, which the event names
    unit.record("link.created", link, differences({}, link.audit_state()))
    return link


def update(unit: WriteUnit, video_id: int, link_id: int, fields: LinkFields) -> GuestLink:
    """Change a link. Fields left out keep their values. Raise `NotFound`, `Invalid`, and
    `Conflict` when it is revoked."""
    link = _for_update(unit, video_id, link_id)
    if link.revoked_at is not None:
        raise Conflict("The link is revoked. Create another one.")
    before, epoch = link.audit_state(), link.epoch
    _apply(unit, link, fields)
    changes = differences(before, link.audit_state())
    if changes or link.epoch != epoch:
        unit.record("link.updated", link, changes)
    return link


def revoke(unit: WriteUnit, video_id: int, link_id: int) -> None:
    """End a link for good. It stays in the list, with its count. Raise `NotFound`."""
    link = _for_update(unit, video_id, link_id)
    if link.revoked_at is None:
        link.revoke(unit.now)
        unit.record("link.revoked", link)


def let_in(unit: WriteUnit, link_id: int) -> bool:
    """Count a visitor. Return False when the link lets nobody in any more.

    Every visit would make an event, so that none is recorded.
    """
    return queries.count_view(unit, link_id)


def _video(unit: ReadUnit, video_id: int) -> Video:
    video = videos.get(unit, video_id)
    unit.principal.require(Permission.VIDEOS_PUBLISH)
    return video


def _for_update(unit: WriteUnit, video_id: int, link_id: int) -> GuestLink:
    link = require_found(queries.for_update(unit, _video(unit, video_id), link_id), NOUN)
    unit.check_if_match(link.etag)
    return link


def _apply(unit: WriteUnit, link: GuestLink, fields: LinkFields) -> None:
    if "name" in fields:
        link.name = fields["name"]
    if "expires_at" in fields:
        expires_at = fields["expires_at"]
        if expires_at is not None and expires_at <= unit.now:
            raise Invalid(
                "expires_at: It must be in the future.", {"expires_at": "It must be in the future."}
            )
        link.expires_at = expires_at
    if "max_views" in fields:
        link.max_views = fields["max_views"]
    if "password" in fields:
        password = fields["password"]
        link.set_password(None if password is None else hash_password(password))
