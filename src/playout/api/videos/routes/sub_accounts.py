"""Routes of sub-accounts."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.sub_accounts import SubAccountIn, SubAccountOut, sub_account_out
from playout.core.accounts import queries, service
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/sub-accounts", route_class=StrictRoute, tags=["organizations"])


@router.get("/")
@endpoint
def list_sub_accounts(unit: ReadUnit, page: Page) -> Answer[ListOf[SubAccountOut]]:
    """List the sub-accounts of the organization, oldest first."""
    unit.principal.require(Permission.SUB_ACCOUNTS_WRITE)
    accounts = queries.sub_accounts(unit, projects.get_organization(unit, None).id)
    return page.answer_slice(accounts, sub_account_out)


@router.post("/", status_code=201)
@endpoint
def add_sub_account(body: SubAccountIn, unit: WriteUnit) -> Answer[SubAccountOut]:
    """Create a sub-account."""
    organization = projects.get_organization(unit, None)
    return Answer(sub_account_out(service.create_sub_account(unit, organization, body.name)))
