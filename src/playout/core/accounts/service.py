"""Use cases of organizations, members, sub-accounts and keys."""

import json
import re
from collections.abc import Mapping
from typing import Any

from slugify import slugify
from sqlalchemy.exc import IntegrityError

from playout.core.accounts import identity_queries, queries
from playout.core.accounts.member_names import member_in
from playout.core.accounts.model import (
    Key,
    KeyKind,
    LinkKind,
    Membership,
    Organization,
    SubAccount,
    User,
    is_former_address,
)
from playout.core.ledger.model import differences
from playout.core.permissions import Permission, Role
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit import signing
from playout.kit.errors import Conflict, Forbidden, Invalid, NotFound, require_found
from playout.kit.signing import Signer

NAME_LENGTH = 255
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
KEY_PURPOSE = "key"
ADMINISTRATORS = (Role.ORGANIZATION_ADMIN, Role.OWNER)
SETTINGS_BYTES = 16 * 1024
"""The limit of the JSON of a key's settings."""


def create_organization(unit: WriteUnit, name: str) -> Organization:
    """Create an organization. Its slug comes from its name. Raise `Conflict` when it is taken."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    organization = Organization(
        name=_name(name), slug=slugify(name) or "organization", created_at=unit.now
    )
    _insert(unit, organization, f"There is an organization {organization.slug!r} already.")
    unit.record("organization.created", organization, {"name": [None, name]})
    return organization


def create_sub_account(unit: WriteUnit, organization: Organization, name: str) -> SubAccount:
    """Create a sub-account for a customer of the organization."""
    unit.principal.require(Permission.SUB_ACCOUNTS_WRITE)
    check_organization(unit, organization)
    account = SubAccount(organization_id=organization.id, name=_name(name), created_at=unit.now)
    unit.session.add(account)
    unit.session.flush()
    unit.record("sub_account.created", account, {"name": [None, name]})
    return account


def add_member(
    unit: WriteUnit, organization: Organization, email: str, full_name: str, role: Role
) -> User:
    """Give a person a role in the organization. Create the person if the e-mail address is new.

    Adding a member again changes the role, and the name if there is one. The name is that of this
    organization alone. Nothing tells whether another organization knows the address. An Owner of
    one organization is an Owner of all, and only an Owner can give or take that role.
    """
    unit.principal.require(Permission.MEMBERS_WRITE)
    check_organization(unit, organization)
    check_email(email)
    user = queries.insert_user(unit, email.lower())
    member = queries.membership(unit, organization.id, user.id)
    before = member.role if member else None
    if Role.OWNER in {before, role}:
        unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    if member is None:
        # Whoever made a link for the person's password had no say in this organization.
        queries.delete_links(unit, user.email, LinkKind.PASSWORD)
        member = Membership(
            organization_id=organization.id,
            user_id=user.id,
            role=role,
            full_name=full_name,
            created_at=unit.now,
        )
        unit.session.add(member)
    else:
        _check_not_last(unit, member, role)
    if role is not before:
        member.role_by_claim = False  # somebody here gives it, unless the caller knows better
    member.role, member.full_name = role, full_name or member.full_name
    unit.session.flush()
    user.is_owner = queries.is_owner_anywhere(unit, user.id)
    unit.record("member.added", member.subject, {"role": [before, role]})
    # Tokens in other organizations change, too, with the role Owner.
    unit.invalidate(*queries.tokens(unit, user))
    return user


def check_email(email: str) -> None:
    """Raise `Invalid` for what cannot be the e-mail address of a member."""
    if not EMAIL.fullmatch(email) or is_former_address(email):
        raise Invalid("That is not an e-mail address.", {"email": "is not an e-mail address"})


def remove_member(unit: WriteUnit, organization: Organization, email: str) -> None:
    """Remove a member, or raise `NotFound`.

    The tokens of the member are revoked, and stay so if the person becomes a member again: every
    process refuses them within a second. After the last membership, nothing of the person is left
    but the id.
    """
    unit.principal.require(Permission.MEMBERS_WRITE)
    check_organization(unit, organization)
    found = queries.member_for_update(unit, organization.id, email)
    if found is None:
        raise NotFound("There is no such member.")
    user, member = found
    if member.role is Role.OWNER:
        unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    _check_not_last(unit, member, None)
    unit.session.delete(member)
    unit.session.flush()
    user.is_owner = queries.is_owner_anywhere(unit, user.id)
    if not queries.is_member_anywhere(unit, user.id):
        user.forget()
        queries.delete_passkeys(unit, user.id)
        identity_queries.delete_identities(unit, user.id)
    unit.record("member.removed", member.subject, {"role": [member.role, None]})
    for token in queries.tokens(unit, user):
        unit.invalidate(token)
        if token.organization_id == organization.id:
            _revoke(unit, token)


def _check_not_last(unit: WriteUnit, member: Membership, role: Role | None) -> None:
    """Raise `Conflict` if nobody could give back what a member loses with another role, or none.

    The operator may do it. A program leaves an organization to other programs, but no Owner.
    """
    if unit.principal.organization_id is None or member.role not in ADMINISTRATORS:
        return
    queries.lock_organization(unit, member.organization_id)
    loses_owner = member.role is Role.OWNER and role is not Role.OWNER
    if loses_owner and queries.count_owners(unit) == 1:
        raise Conflict("This is the last Owner: make somebody else an Owner first.")
    is_alone = queries.count_administrators(unit, member.organization_id) == 1
    if unit.principal.kind == "user" and role not in ADMINISTRATORS and is_alone:
        raise Conflict("This is the last administrator: make somebody else an administrator first.")


def create_key(
    unit: WriteUnit,
    signer: Signer,
    organization: Organization,
    name: str,
    *,
    role: Role | None = None,
    project_ids: list[int] | None = None,
    sub_account_id: int | None = None,
    user: User | None = None,
    settings: Mapping[str, Any] | None = None,
) -> tuple[Key, str]:
    """Create a key. Return it with its text, which cannot be read again.

    With a sub-account it is a key of the sub-account, with a user a token of that member. Otherwise
    it is an API key of the organization, with a role. `project_ids` confines it to some projects.
    Playout understands only `defaults.property` in `settings`: the id of the project for requests
    that name none.
    """
    unit.principal.require(Permission.KEYS_WRITE)
    check_organization(unit, organization)
    kind = _kind(unit, organization, role, sub_account_id, user)
    name = _name(name)
    if member_in(name) is not None:
        # It would sign for that member in all that it writes.
        raise Invalid("This is what Playout calls a member: choose another name.", {"name": name})
    secret = signing.mint(kind)
    key = Key(
        kind=kind,
        digest=signer.digest(KEY_PURPOSE, secret),
        hint=secret[-4:],
        name=name,
        organization_id=organization.id,
        role=role if kind is KeyKind.API else None,
        project_ids=project_ids,
        sub_account_id=sub_account_id,
        user_id=user.id if user else None,
        settings=_settings(kind, settings or {}),
        created_at=unit.now,
        created_by=unit.principal.name,
    )
    unit.session.add(key)
    unit.session.flush()
    unit.record("key.created", key, {"name": [None, key.name], "role": [None, role]})
    return key, secret


def update_key(unit: WriteUnit, key_id: int, settings: Mapping[str, Any]) -> Key:
    """Replace the settings of a key. A change that changes nothing is not recorded."""
    key = _key_for_update(unit, key_id)
    before = {"settings": key.settings}
    key.settings = _settings(key.kind, settings)
    changes = differences(before, {"settings": key.settings})
    if changes:
        unit.record("key.updated", key, changes)
    return key


def revoke_key(unit: WriteUnit, key_id: int) -> Key:
    """Revoke a key: every process refuses it within a second. Doing it again changes nothing."""
    key = _key_for_update(unit, key_id)
    _revoke(unit, key)
    return key


def _revoke(unit: WriteUnit, key: Key) -> None:
    if key.revoked_at is None:
        key.revoked_at = unit.now
        unit.record("key.revoked", key, {"revoked_at": [None, unit.now.isoformat()]})


def _key_for_update(unit: WriteUnit, key_id: int) -> Key:
    unit.principal.require(Permission.KEYS_WRITE)
    return require_found(queries.key_for_update(unit, key_id), "key")


def _settings(kind: KeyKind, settings: Mapping[str, Any]) -> dict[str, Any]:
    if settings and kind is KeyKind.USER:
        raise Invalid("A member's token has no settings.", {"settings": "are for keys only"})
    if len(json.dumps(settings, ensure_ascii=False).encode()) > SETTINGS_BYTES:
        text = f"Their JSON may have {SETTINGS_BYTES:,} bytes at the most."
        raise Invalid(f"settings: {text}", {"settings": text})
    return dict(settings)


def _kind(
    unit: WriteUnit,
    organization: Organization,
    role: Role | None,
    sub_account_id: int | None,
    user: User | None,
) -> KeyKind:
    if sub_account_id is not None:
        if queries.sub_account(unit, organization.id, sub_account_id) is None:
            raise NotFound("There is no such sub-account in this organization.")
        return KeyKind.SUB_ACCOUNT
    if user is not None:
        return KeyKind.USER
    if role is None or role is Role.OWNER:
        raise Invalid("An API key needs a role from Viewer to OrganizationAdmin.")
    return KeyKind.API


def _insert(unit: WriteUnit, row: object, taken: str) -> None:
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
    except IntegrityError as error:
        raise Conflict(taken) from error


def _name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise Invalid(f"A name has 1 to {NAME_LENGTH} characters.", {"name": "wrong length"})
    return name


def check_organization(unit: ReadUnit, organization: Organization) -> None:
    """Raise `Forbidden` for an organization that is not the caller's."""
    if unit.principal.organization_id not in (None, organization.id):
        raise Forbidden("That is another organization.")
