"""The rules of who may watch a video, for pages, files and APIs alike."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, false, or_, true

from playout.core.permissions import Permission, Role
from playout.core.principal import Principal
from playout.core.videos.model import Video, Visibility


class Watchable(Protocol):
    """The facts of a video that decide who may watch it."""

    @property
    def is_draft(self) -> bool: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def has_password(self) -> bool: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def project_id(self) -> int: ...
    @property
    def sub_account_id(self) -> int | None: ...
    @property
    def owner_id(self) -> int | None: ...


def may_watch(viewer: Principal | None, video: Watchable) -> bool:
    """Return whether the viewer may watch a video; None is the public.

    Nobody may watch a draft. A published video may be watched by everyone (`public`), by its
    organization (`org`), by those who may use its project (`team`), or by its owner and the
    administrators of its organization (`private`). A public video with a password is for its
    organization: others have to enter the password. A sub-account is a customer and not a member:
    it may watch its own videos alone.
    """
    if video.is_draft:
        return False
    if video.visibility is Visibility.PUBLIC and not video.has_password:
        return True
    if viewer is None or viewer.role is None:
        return False
    owns = viewer.owns(video.organization_id, video.project_id, video.sub_account_id)
    if viewer.sub_account_id is not None or viewer.role is Role.OWNER:
        return owns
    if video.visibility in {Visibility.ORG, Visibility.PUBLIC}:
        return viewer.organization_id == video.organization_id
    return owns and (video.visibility is Visibility.TEAM or _may_watch_private(viewer, video))


def asks_password(video: Watchable) -> bool:
    """Return whether the public may watch a video once it has entered the password."""
    return video.has_password and not video.is_draft and video.visibility is Visibility.PUBLIC


def watched_by(viewer: Principal) -> ColumnElement[bool]:
    """Return the condition of `may_watch` on published videos that not everyone may watch."""
    if viewer.role is None:
        return false()
    owned = and_(
        true(), *viewer.owned(Video.organization_id, Video.project_id, Video.sub_account_id)
    )
    if viewer.sub_account_id is not None or viewer.role is Role.OWNER:
        return owned
    private: ColumnElement[bool] = Video.visibility == Visibility.PRIVATE
    if not viewer.may(Permission.VIDEOS_READ_PRIVATE):
        is_owner = false() if viewer.user_id is None else Video.owner_id == viewer.user_id
        private = and_(private, is_owner)
    of_organization = and_(
        Video.visibility.in_([Visibility.ORG, Visibility.PUBLIC]),
        Video.organization_id == viewer.organization_id,
    )
    return or_(of_organization, and_(owned, or_(Video.visibility == Visibility.TEAM, private)))


def may_play(holder: Principal, video: Watchable) -> bool:
    """Return whether a principal may have the files of a video, through a grant made for it.

    A draft is for those who work on the videos in their reach, a published video for those who may
    watch it.
    """
    if not video.is_draft:
        return may_watch(holder, video)
    return holder.manages_videos and holder.owns(
        video.organization_id, video.project_id, video.sub_account_id
    )


def _may_watch_private(viewer: Principal, video: Watchable) -> bool:
    is_owner = viewer.user_id is not None and viewer.user_id == video.owner_id
    return is_owner or viewer.may(Permission.VIDEOS_READ_PRIVATE)
