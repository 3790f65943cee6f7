"""The JSON of subcategories."""

from typing import cast

from playout.api.types import Id, Title, example
from playout.api.videos.schemas.catalog import NamedOut, NamedPatch
from playout.api.videos.schemas.types import LEFT_OUT, document_only
from playout.core.catalog.model import CatalogFields, Subcategory


class SubcategoryPatch(NamedPatch):
    """Fields of a subcategory to change. Unknown fields are ignored."""

    category: Id = LEFT_OUT

    def fields(self) -> CatalogFields:
        """Return the fields that were sent, by the names that core gives them."""
        sent = self.model_dump(exclude_unset=True)
        if "category" in sent:
            sent["category_id"] = sent.pop("category")
        return cast("CatalogFields", sent)


class SubcategoryIn(SubcategoryPatch):
    """A subcategory to create. It belongs to a category."""

    model_config = example(name="Keynotes", category=1)

    name: Title
    category: Id


@document_only
class SubcategoryOut(NamedOut):
    """A subcategory and the id of its category."""

    category: int


def subcategory_out(subcategory: Subcategory) -> SubcategoryOut:
    """Return the JSON of a subcategory."""
    return {
        "id": subcategory.id,
        "uid": str(subcategory.uid),
        "name": subcategory.name,
        "category": subcategory.category_id,
    }
