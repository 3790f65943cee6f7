"""The JSON of categories."""

from playout.api.types import Title, example
from playout.api.videos.schemas.catalog import NamedOut, NamedPatch
from playout.api.videos.schemas.types import document_only
from playout.core.catalog.model import Category


class CategoryPatch(NamedPatch):
    """A category to rename. Unknown fields are ignored."""


class CategoryIn(NamedPatch):
    """A category to create."""

    model_config = example(name="Product launches")

    name: Title


@document_only
class CategoryOut(NamedOut):
    """A category."""


def category_out(category: Category) -> CategoryOut:
    """Return the JSON of a category."""
    return {"id": category.id, "uid": str(category.uid), "name": category.name}
