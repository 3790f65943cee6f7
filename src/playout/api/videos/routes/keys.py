"""Routes of API keys and the keys of sub-accounts."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.keys import KeyIn, KeyOut, KeyPatch, NewKeyOut, key_out
from playout.core.accounts import queries, service
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/keys", route_class=StrictRoute, tags=["organizations"])


@router.get("/")
@endpoint
def list_keys(unit: ReadUnit, page: Page) -> Answer[ListOf[KeyOut]]:
    """List the keys of the organization, newest first, without their text."""
    unit.principal.require(Permission.KEYS_WRITE)
    keys = queries.keys(unit, projects.get_organization(unit, None).id)
    return page.answer_slice(keys, key_out)


@router.post("/", status_code=201, response_model=NewKeyOut)
@endpoint
def add_key(body: KeyIn, unit: WriteUnit, runtime: ApiRuntime) -> Answer[KeyOut]:
    """Create a key.

    Its text is in this answer and never shown again.
    """
    projects.check_usable(unit, body.workspaces or [])
    key, secret = service.create_key(
        unit,
        runtime.signer,
        projects.get_organization(unit, None),
        body.name,
        role=body.role,
        project_ids=body.workspaces,
        sub_account_id=body.sub_account,
        settings=body.settings.fields(),
    )
    projects.check_default(unit, key)
    return Answer(key_out(key), shown_once={"key": secret})


@router.patch("/{key_id}/")
@endpoint
def update_key(key_id: Id, body: KeyPatch, unit: WriteUnit) -> Answer[KeyOut]:
    """Replace the settings of a key."""
    key = service.update_key(unit, key_id, body.settings.fields())
    projects.check_default(unit, key)
    return Answer(key_out(key))


@router.delete("/{key_id}/", status_code=204)
@endpoint
def revoke_key(key_id: Id, unit: WriteUnit) -> Answer[None]:
    """Revoke a key.

    Every process rejects it within a second.
    """
    service.revoke_key(unit, key_id)
    return Answer(None)
