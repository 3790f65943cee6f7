"""Routes of organizations."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.organizations import OrganizationOut, organization_out
from playout.core.accounts import queries
from playout.core.unit import ReadUnit

router = APIRouter(prefix="/organizations", route_class=StrictRoute, tags=["organizations"])
MAX_ORGANIZATIONS = 1000


@router.get("/")
@endpoint
def list_organizations(unit: ReadUnit, page: Page) -> Answer[ListOf[OrganizationOut]]:
    """List the organization of the caller."""
    return page.answer_slice(queries.organizations(unit, MAX_ORGANIZATIONS), organization_out)
