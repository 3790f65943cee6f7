"""JSON that productions, distributions and activations have in common: a name and settings."""

from typing import cast

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playout.api.productions.schemas.types import Id, Settings
from playout.api.types import Title, example
from playout.core.batch import Change
from playout.core.distributions.model import ChildFields

REF_EXAMPLE = {"id": "123"}


class ResourcePatch(BaseModel):
    """A change of a resource. Unknown fields are ignored.

    Fields that are left out stay unchanged. Settings are merged (RFC 7396).
    """

    # A factory, because the document would show a default, and there is none: what is not sent
    # stays unchanged.
    name: Title = Field(default_factory=str)
    settings: Settings = Field(default_factory=dict)

    def to_input(self) -> ChildFields:
        """Return the fields that were sent, without an id."""
        return cast("ChildFields", self.model_dump(exclude_unset=True, exclude={"id"}))


class ItemPatch(ResourcePatch):
    """A change of one resource in a batch."""

    id: Id

    def to_change(self) -> Change[ChildFields]:
        """Return the fields that were sent, with the id of the resource."""
        return Change(self.id, self.to_input())


class ItemRef(BaseModel):
    """The id of a resource to delete."""

    model_config = example(**REF_EXAMPLE)

    id: Id


class DeletedOut(TypedDict):
    """The id of a deleted resource."""

    id: str


def deleted_out(resource_id: int) -> DeletedOut:
    """Return the JSON of a deleted resource."""
    return {"id": str(resource_id)}
