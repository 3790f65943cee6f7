"""What the Productions API answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, UriOut, UuidOut
from playout.core.distributions.delivery import Made, delivery
from playout.core.distributions.model import Activation, Distribution, DistributionStatus
from playout.core.distributions.schedule import ActivationStatus
from playout.core.playback.grants import Playback
from playout.core.principal import Principal
from playout.core.videos.model import Status, Video

Settings = dict[str, Any]
ProductionStatus = Literal["draft", "processing", "ready", "failed", "published"]
STATUS: Mapping[Status, ProductionStatus] = {
    Status.NOT_STARTED: "draft",
    Status.IN_PROGRESS: "processing",
    Status.COMPLETED: "ready",
    Status.FAILED: "failed",
}
"""Of a production that is not out; one that is out is `published`."""


class Removed(TypedDict):
    """What was removed, by its id."""

    id: str


class ProductionOut(TypedDict):
    """A production; `property` is the project that it belongs to."""

    id: str
    uid: UuidOut
    session_id: str
    name: str
    status: ProductionStatus
    property: str
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


class DistributionOut(TypedDict):
    """A way in which a production is delivered; `progress` is per cent."""

    id: str
    production: str
    name: str
    status: DistributionStatus
    progress: int
    failure_reason: str | None
    playback_url: UriOut | None
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


class ActivationOut(TypedDict):
    """A campaign of a production; its status is that of the moment at which it is read."""

    id: str
    production: str
    name: str
    status: ActivationStatus
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


class Component(TypedDict):
    """The kind of a credential."""

    componentName: str


class KeyOut(TypedDict):
    """Who is asking."""

    name: str
    settings: Settings
    value: Component
    organization: UuidOut
    legacy_org_id: int | None
    vidvita_org_id: int | None


def production_out(video: Video) -> ProductionOut:
    return {
        "id": str(video.id),
        "uid": str(video.uid),
        "session_id": video.session_id,
        "name": video.title,
        "status": STATUS[video.status] if video.is_draft else "published",
        "property": str(video.project_id),
        "settings": video.settings,
        "created_at": _time(video.created_at),
        "updated_at": _time(video.updated_at),
    }


def distribution_out(
    distribution: Distribution, made: Made, playback: Playback, now: datetime
) -> DistributionOut:
    given = delivery(distribution, made, playback, now)
    return {
        "id": str(distribution.id),
        "production": str(distribution.video_id),
        "name": distribution.name,
        "status": given.standing.status,
        "progress": given.standing.progress,
        "failure_reason": given.standing.reason,
        "playback_url": given.playback_url,
        "settings": distribution.settings,
        "created_at": _time(distribution.created_at),
        "updated_at": _time(distribution.updated_at),
    }


def activation_out(activation: Activation, now: datetime) -> ActivationOut:
    return {
        "id": str(activation.id),
        "production": str(activation.video_id),
        "name": activation.name,
        "status": activation.status(now),
        "settings": activation.settings,
        "created_at": _time(activation.created_at),
        "updated_at": _time(activation.updated_at),
    }


def key_out(
    principal: Principal, name: str, settings: Mapping[str, Any], default: int | None
) -> KeyOut:
    said = settings.get("defaults")
    defaults = {"property": None if default is None else str(default)}
    return {
        "name": name,
        "settings": {**settings, "defaults": defaults | (said if isinstance(said, dict) else {})},
        "value": {"componentName": principal.kind},
        "organization": str(principal.organization_uid),
        "legacy_org_id": principal.organization_id,
        "vidvita_org_id": principal.organization_id,
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
