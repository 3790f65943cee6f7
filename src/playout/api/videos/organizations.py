"""Routes of an organization's own affairs: itself, its people, sub-accounts and keys."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Response

from playout.api.answer import Answer
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRequest, OpenRequest
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page, PageOf
from playout.api.videos.people_body import KeyIn, KeyPatch, MemberIn, SubAccountIn
from playout.api.videos.people_wire import (
    KeyOut,
    MemberOut,
    NewKey,
    OrganizationOut,
    SubAccountOut,
    key_out,
    member_out,
    organization_out,
    sub_account_out,
)
from playout.core.accounts import queries, service
from playout.core.accounts.model import Organization
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import NotFound

router = APIRouter(route_class=StrictRoute, tags=["organizations"])
Row = TypeVar("Row")


@router.get("/organizations/", response_model=ListOf[OrganizationOut])
def list_organizations(call: ApiRequest, page: Page) -> Response:
    """The caller's organization; an Owner sees all."""
    return _listed(call, page, lambda unit: queries.organizations(unit, 1000), organization_out)


@router.get("/users/", response_model=ListOf[MemberOut])
def list_users(call: ApiRequest, page: Page) -> Response:
    """The members of the organization."""

    def find(unit: ReadUnit) -> Sequence[Any]:
        unit.principal.require(Permission.MEMBERS_WRITE)
        return queries.members(unit, _organization(unit).id)

    return _listed(call, page, find, member_out)


@router.post("/users/", status_code=201, response_model=MemberOut)
def add_user(body: MemberIn, call: ApiRequest) -> Response:
    """Make a person a member, or change their role."""

    def use(unit: WriteUnit) -> Answer:
        where = _organization(unit)
        user = service.add_member(unit, where, body.email, body.full_name, body.role)
        return Answer(member_out((user, body.role)), 201)

    return call.answer_write(use)


@router.get("/sub-accounts/", response_model=ListOf[SubAccountOut])
def list_sub_accounts(call: ApiRequest, page: Page) -> Response:
    """The sub-accounts of the organization."""

    def find(unit: ReadUnit) -> Sequence[Any]:
        unit.principal.require(Permission.SUB_ACCOUNTS_WRITE)
        return queries.sub_accounts(unit, _organization(unit).id)

    return _listed(call, page, find, sub_account_out)


@router.post("/sub-accounts/", status_code=201, response_model=SubAccountOut)
def add_sub_account(body: SubAccountIn, call: ApiRequest) -> Response:
    """Open a sub-account."""

    def use(unit: WriteUnit) -> Answer:
        account = service.create_sub_account(unit, _organization(unit), body.name)
        return Answer(sub_account_out(account), 201)

    return call.answer_write(use)


@router.get("/keys/", response_model=ListOf[KeyOut])
def list_keys(call: ApiRequest, page: Page) -> Response:
    """The keys of the organization, newest first; never their text."""

    def find(unit: ReadUnit) -> Sequence[Any]:
        unit.principal.require(Permission.KEYS_WRITE)
        return queries.keys(unit, _organization(unit).id)

    return _listed(call, page, find, key_out)


@router.post("/keys/", status_code=201, response_model=NewKey)
def add_key(body: KeyIn, call: ApiRequest) -> Response:
    """Make a key; its text is in this answer and never again."""

    def use(unit: WriteUnit) -> Answer:
        projects.require_all(unit, body.workspaces or [])
        key, secret = service.create_key(
            unit,
            call.runtime.signer,
            _organization(unit),
            body.name,
            role=body.role,
            project_ids=body.workspaces,
            sub_account_id=body.sub_account,
            settings=body.settings.model_dump(exclude_unset=True),
        )
        projects.require_default(unit, key)
        return Answer(key_out(key), 201, shown_once={"key": secret})

    return call.answer_write(use)


@router.patch("/keys/{key_id}/", response_model=KeyOut)
def update_key(key_id: Id, body: KeyPatch, call: ApiRequest) -> Response:
    """Give a key other settings."""

    def use(unit: WriteUnit) -> Answer:
        key = service.update_key(unit, key_id, body.settings.model_dump(exclude_unset=True))
        projects.require_default(unit, key)
        return Answer(key_out(key))

    return call.answer_write(use)


@router.delete("/keys/{key_id}/", status_code=204)
def revoke_key(key_id: Id, call: ApiRequest) -> Response:
    """Stop a key, on every process within a second."""

    def use(unit: WriteUnit) -> Answer:
        service.revoke_key(unit, key_id)
        return Answer(None, 204)

    return call.answer_write(use)


def _listed(
    call: OpenRequest,
    page: PageOf,
    find: Callable[[ReadUnit], Sequence[Row]],
    out: Callable[[Row], Any],
) -> Response:
    def use(unit: ReadUnit) -> Answer:
        found = find(unit)
        shown = found[page.offset : page.offset + page.size]
        return Answer(page.of(shown, len(found), call.runtime.settings.base_url, out))

    return call.answer_read(use)


def _organization(unit: ReadUnit) -> Organization:
    mine = queries.organizations(unit, 1)
    if not mine or unit.principal.organization_id is None:
        raise NotFound("There is no organization.")
    return mine[0]
