"""Who may see a video that is out, decided in one place for pages, files and APIs."""

from typing import Protocol

from playout.core.permissions import Permission, Role
from playout.core.principal import Principal
from playout.core.videos.model import Visibility


class Watchable(Protocol):
    """What of a video decides who may see it."""

    @property
    def is_draft(self) -> bool: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def project_id(self) -> int: ...
    @property
    def sub_account_id(self) -> int | None: ...
    @property
    def owner_id(self) -> int | None: ...


def may_watch(viewer: Principal | None, video: Watchable) -> bool:
    """Whether a video shows itself to somebody; None is the public.

    A draft does to nobody. One that is out does to everybody (`public`), to its organization
    (`org`), to those of its project (`team`), or to its owner and the organization's
    administrators (`private`). A sub-account is a customer and no member: it sees what is its own.
    """
    if video.is_draft or video.visibility is Visibility.PUBLIC:
        return not video.is_draft
    if viewer is None or viewer.role is None:
        return False
    inside = viewer.owns(video.organization_id, video.project_id, video.sub_account_id)
    if viewer.sub_account_id is not None or viewer.role is Role.OWNER:
        return inside
    if video.visibility is Visibility.ORG:
        return viewer.organization_id == video.organization_id
    return inside and (video.visibility is Visibility.TEAM or _sees_private(viewer, video))


def _sees_private(viewer: Principal, video: Watchable) -> bool:
    is_owner = viewer.user_id is not None and viewer.user_id == video.owner_id
    return is_owner or viewer.may(Permission.VIDEOS_READ_PRIVATE)
