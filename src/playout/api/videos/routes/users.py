"""Routes of the members of the organization."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.users import UserIn, UserOut, user_out
from playout.core.accounts import queries, service
from playout.core.accounts.model import Member
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import require_found

router = APIRouter(prefix="/users", route_class=StrictRoute, tags=["organizations"])


@router.get("/")
@endpoint
def list_users(unit: ReadUnit, page: Page) -> Answer[ListOf[UserOut]]:
    """List the members of the organization by name."""
    unit.principal.require(Permission.MEMBERS_WRITE)
    members = queries.members(unit, projects.get_organization(unit, None).id)
    return page.answer_slice(members, user_out)


@router.post("/", status_code=201)
@endpoint
def add_user(body: UserIn, unit: WriteUnit) -> Answer[UserOut]:
    """Make a person a member of the organization, or change the role of a member."""
    organization = projects.get_organization(unit, None)
    user = service.add_member(unit, organization, body.email, body.full_name, body.role)
    membership = require_found(queries.membership(unit, organization.id, user.id), "member")
    return Answer(user_out(Member(user, membership)))
