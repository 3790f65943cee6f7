"""The JSON that templates, categories, subcategories and tags have in common."""

from typing import cast

from pydantic import BaseModel
from typing_extensions import TypedDict

from playout.api.types import Title, UuidOut, example
from playout.api.videos.schemas.types import LEFT_OUT
from playout.core.catalog.model import CatalogFields


class NamedPatch(BaseModel):
    """Fields to change. Unknown fields are ignored."""

    model_config = example(name="Announcements")

    name: Title = LEFT_OUT

    def fields(self) -> CatalogFields:
        """Return the fields that were sent, by the names that core gives them."""
        return cast("CatalogFields", self.model_dump(exclude_unset=True))


class NamedOut(TypedDict):
    """An entry with a name."""

    id: int
    uid: UuidOut
    name: str
