"""The JSON of productions."""

from collections.abc import Mapping
from typing import Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.productions.schemas.resources import REF_EXAMPLE, ItemPatch, ResourcePatch
from playout.api.productions.schemas.types import PropertyId, Settings, time_out
from playout.api.types import DateTimeOut, Title, UuidOut, example
from playout.core.batch import Change
from playout.core.distributions.productions import ProductionFields
from playout.core.videos.model import Status, Video

ProductionStatus = Literal["draft", "processing", "ready", "failed", "published"]
UNPUBLISHED_STATUS: Mapping[Status, ProductionStatus] = {
    Status.NOT_STARTED: "draft",
    Status.IN_PROGRESS: "processing",
    Status.COMPLETED: "ready",
    Status.FAILED: "failed",
}
"""Status of a production that is not published. One that is published is `published`."""


class ProductionPatch(ResourcePatch):
    """A change of a production. `property` is the id of its project."""

    model_config = example(name="Updated Production Name", settings={"key": "new value"})

    property: PropertyId = Field(default_factory=int)

    def to_input(self) -> ProductionFields:
        """Return the fields that were sent, without an id."""
        return cast("ProductionFields", super().to_input())


class ProductionIn(ProductionPatch):
    """A production to create. Without `property` it belongs to the key's default project."""

    model_config = example(name="My New Production", settings={"key": "value"})

    name: Title


class ProductionItemPatch(ProductionPatch, ItemPatch):
    """A change of one production in a batch."""

    model_config = example(**REF_EXAMPLE, name="Updated Production Name")

    def to_change(self) -> Change[ProductionFields]:
        """Return the fields that were sent, with the id of the production."""
        return Change(self.id, self.to_input())


class ProductionOut(TypedDict):
    """A production. `property` is the id of its project."""

    id: str
    uid: UuidOut
    session_id: str
    name: str
    status: ProductionStatus
    property: str
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


def production_out(video: Video) -> ProductionOut:
    """Return the JSON of a production."""
    return {
        "id": str(video.id),
        "uid": str(video.uid),
        "session_id": video.session_id,
        "name": video.title,
        "status": UNPUBLISHED_STATUS[video.status] if video.is_draft else "published",
        "property": str(video.project_id),
        "settings": video.settings,
        "created_at": time_out(video.created_at),
        "updated_at": time_out(video.updated_at),
    }
