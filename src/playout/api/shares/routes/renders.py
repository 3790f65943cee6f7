"""Routes of renders: films of a template for single viewers."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import render_endpoint
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.shares.schemas.renders import RenderIn, RenderOut, render_out
from playout.api.shares.schemas.types import UuidPath, parse_uuid
from playout.core.renders import service
from playout.core.renders.service import NewRender
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/Projects/{project_id}/renders", route_class=StrictRoute, tags=["renders"]
)
NOUN = "render"


@router.post("", status_code=201)
@render_endpoint
def create_render(
    project_id: UuidPath, body: RenderIn, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[RenderOut]:
    """Create the film of one viewer. It plays at once, and is rendered as it is played.

    The data is checked against the template that the channel holds. It is kept encrypted until the
    film expires or is deleted.
    """
    new = NewRender(body.channel, body.personalization_data, runtime.settings.render_days)
    render = service.create(unit, runtime.cipher, parse_uuid(project_id), new)
    return Answer(render_out(render, runtime.base_url), 201)


@router.get("/{render_id}")
@render_endpoint
def get_render(
    project_id: UuidPath, render_id: UuidPath, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[RenderOut]:
    """Read the addresses of a film. Its data cannot be read."""
    render = service.get(unit, parse_uuid(project_id), parse_uuid(render_id, NOUN))
    return Answer(render_out(render, runtime.base_url))


@router.delete("/{render_id}", status_code=204)
@render_endpoint
def delete_render(project_id: UuidPath, render_id: UuidPath, unit: WriteUnit) -> Answer[None]:
    """Delete a film, its data, and the segments that no other film shows."""
    service.remove(unit, parse_uuid(project_id), parse_uuid(render_id, NOUN))
    return Answer(None, 204)
