"""The JSON of the Productions API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from playout.api.fields import Title
from playout.api.productions.envelope import Json
from playout.core.batch import Change
from playout.core.distributions.delivery import Made, delivery
from playout.core.distributions.model import Activation, Distribution, Part
from playout.core.principal import Principal
from playout.core.videos.model import Status, Video
from playout.core.videos.playback import Playback
from playout.kit.ids import serial

STATUS = {
    Status.NOT_STARTED: "draft",
    Status.IN_PROGRESS: "processing",
    Status.COMPLETED: "ready",
    Status.FAILED: "failed",
}
"""Of a production that is not out; one that is out is `published`."""


def _number(value: object) -> object:
    """An id is a text of digits; the number itself is taken too."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("id", "It must be an id, which is a text.")
    return serial(value)


def _known(number: int) -> int:
    if number == 0:
        raise PydanticCustomError("id", 'It must be the id of a property, like "123".')
    return number


Id = Annotated[int, BeforeValidator(_number), WithJsonSchema({"type": "string"})]
"""As the number that it stands for; 0, which nothing has, for a text that is no id."""
PropertyId = Annotated[Id, AfterValidator(_known)]


class PartPatch(BaseModel):
    """What is to become of a distribution or an activation.

    What is left out stays, settings are merged (RFC 7396), unknown fields are ignored.
    """

    name: Title = Field(default_factory=str)
    settings: dict[str, Any] = Field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class PartIn(PartPatch):
    """What a distribution or an activation is made with; unknown fields are ignored."""

    name: Title


class PartChange(PartPatch):
    """What is to become of the one with that id."""

    id: Id

    def to_change(self) -> Change:
        return Change(self.id, self.model_dump(exclude_unset=True, exclude={"id"}))


class ProductionPatch(PartPatch):
    """What is to become of a production. `property` names the project that it belongs to."""

    property: PropertyId = Field(default_factory=int)


class ProductionIn(ProductionPatch):
    """What a production is made with; without `property` it goes to the key's default."""

    name: Title


class ProductionChange(PartChange, ProductionPatch):
    """What is to become of the production with that id."""


class Ref(BaseModel):
    """One of several, by its id."""

    id: Id


def production_out(video: Video) -> Json:
    return {
        "id": str(video.id),
        "uid": str(video.uid),
        "session_id": video.session_id,
        "name": video.title,
        "status": STATUS[video.status] if video.is_draft else "published",
        "property": str(video.project_id),
        **_common(video),
    }


def distribution_out(
    distribution: Distribution, made: Made, playback: Playback, now: datetime
) -> Json:
    given = delivery(distribution, made, playback, now)
    return {
        **_part(distribution),
        "status": given.standing.status,
        "progress": given.standing.progress,
        "failure_reason": given.standing.reason,
        "playback_url": given.playback_url,
        **_common(distribution),
    }


def activation_out(activation: Activation, now: datetime) -> Json:
    return {**_part(activation), "status": activation.status(now), **_common(activation)}


def key_out(
    principal: Principal, name: str, settings: Mapping[str, Any], default: int | None
) -> Json:
    """Who is asking. `value.componentName` is the kind of credential."""
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


def _part(part: Part) -> Json:
    return {"id": str(part.id), "production": str(part.video_id), "name": part.name}


def _common(row: Video | Part) -> Json:
    return {
        "settings": row.settings,
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
