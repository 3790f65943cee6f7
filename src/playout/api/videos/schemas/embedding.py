"""The JSON of the sites that may embed the videos of a workspace."""

from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from playout.api.types import example
from playout.api.videos.schemas.types import document_only
from playout.core.projects.embedding import MOST_CHARACTERS, MOST_SITES
from playout.core.projects.model import Project

Site = Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]


class EmbeddingIn(BaseModel):
    """The sites that may show the videos of a workspace in a frame."""

    model_config = example(sites=["https://www.corvanta.example.com", "https://*.example.org"])

    sites: Annotated[list[Site], Field(max_length=MOST_SITES)]


@document_only
class EmbeddingOut(TypedDict):
    """The sites that may show the videos of a workspace in a frame, apart from Playout itself."""

    workspace: int
    sites: list[str]


def embedding_out(project: Project) -> EmbeddingOut:
    """Return the JSON of the sites of a project."""
    return {"workspace": project.id, "sites": project.embed_sites}
