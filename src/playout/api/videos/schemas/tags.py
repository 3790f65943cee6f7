"""The JSON of tags."""

from playout.api.types import Title, example
from playout.api.videos.schemas.catalog import NamedOut, NamedPatch
from playout.api.videos.schemas.types import document_only
from playout.core.catalog.model import Tag


class TagPatch(NamedPatch):
    """A tag to rename. Unknown fields are ignored."""


class TagIn(NamedPatch):
    """A tag to create."""

    model_config = example(name="Product launches")

    name: Title


@document_only
class TagOut(NamedOut):
    """A tag."""


def tag_out(tag: Tag) -> TagOut:
    """Return the JSON of a tag."""
    return {"id": tag.id, "uid": str(tag.uid), "name": tag.name}
