"""Commands for organizations, members, sub-accounts and keys.

They work on the database directly, also while a server runs on it.
"""

from typing import Annotated, Any

import typer

from playout.cli.options import DataDir, Json, Text, nfc
from playout.cli.output import iso_time, print_result, print_rows
from playout.cli.units import OrganizationSlug, find_organization, read_unit, write_unit
from playout.core.accounts import queries, service
from playout.core.accounts.model import Key, Organization, User
from playout.core.permissions import Role
from playout.core.projects import queries as project_queries
from playout.core.projects import service as projects
from playout.core.projects.first_start import FIRST_PROJECT
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import NotFound

organizations = typer.Typer(
    help="Organizations: the tenants of this installation.", no_args_is_help=True
)
sub_accounts = typer.Typer(
    help="Sub-accounts: the customers of an organization.", no_args_is_help=True
)
users = typer.Typer(help="Members of organizations, and their roles.", no_args_is_help=True)
keys = typer.Typer(help="API keys and user tokens.", no_args_is_help=True)

FIRST_KEY = "First key"
KEY_HEADINGS = ("id", "name", "kind", "role", "ends in", "created", "last used", "revoked")


@organizations.command("create")
def create_organization(
    context: typer.Context, name: Text, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Create an organization, its first project, and a key for an administrator."""
    with write_unit(context, data_dir) as (runtime, unit):
        organization = service.create_organization(unit, name)
        projects.create(unit, organization, FIRST_PROJECT)
        _, secret = service.create_key(
            unit, runtime.signer, organization, FIRST_KEY, role=Role.ORGANIZATION_ADMIN
        )
        result = _new_key(unit, organization, str(organization.uid), secret)
    _print_new_key(result, as_json, f"Created organization {organization.slug!r}.")


@organizations.command("list")
def list_organizations(
    context: typer.Context, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """List organizations, oldest first."""
    with read_unit(context, data_dir) as unit:
        rows = [
            {
                "id": str(each.uid),
                "slug": each.slug,
                "name": each.name,
                "created_at": iso_time(each.created_at),
            }
            for each in queries.organizations(unit)
        ]
    print_rows("organizations", rows, as_json, ("id", "slug", "name", "created"))


@sub_accounts.command("create")
def create_sub_account(
    context: typer.Context,
    name: Text,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Create a sub-account."""
    with write_unit(context, data_dir) as (_, unit):
        account = service.create_sub_account(unit, find_organization(unit, organization), name)
        result = {"id": account.id, "name": account.name}
    print_result(result, as_json, f"Created sub-account {result['id']}.")


@users.command("add")
def add_user(
    context: typer.Context,
    email: Text,
    role: Annotated[Role, typer.Option(help="Role of the member.")],
    full_name: Annotated[str, typer.Option("--name", help="Full name.", callback=nfc)] = "",
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Add a member to an organization, or change the member's role."""
    with write_unit(context, data_dir) as (_, unit):
        where = find_organization(unit, organization)
        user = service.add_member(unit, where, email, full_name, role)
        result = {"id": user.id, "email": user.email, "role": role, "organization": where.slug}
    print_result(result, as_json, f"{email} is {role} in {result['organization']!r}.")


@users.command("list")
def list_users(
    context: typer.Context,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List the members of an organization, by name."""
    with read_unit(context, data_dir) as unit:
        where = find_organization(unit, organization)
        rows = [
            {
                "id": user.id,
                "email": user.email,
                "name": membership.full_name,
                "role": membership.role,
            }
            for user, membership in queries.members(unit, where.id)
        ]
    print_rows("users", rows, as_json)


@users.command("remove")
def remove_user(
    context: typer.Context,
    email: Text,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Remove a member from an organization. The member's tokens stop working."""
    with write_unit(context, data_dir) as (_, unit):
        where = find_organization(unit, organization)
        service.remove_member(unit, where, email)
        result = {"email": email, "organization": where.slug}
    print_result(result, as_json, f"{email} is no longer a member of {result['organization']!r}.")


@keys.command("create")
def create_key(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Name of the key: what it is for.", callback=nfc)],
    role: Annotated[Role | None, typer.Option(help="Role of the key.")] = None,
    organization: OrganizationSlug = None,
    sub_account: Annotated[
        int | None, typer.Option(help="Id of the sub-account that the key belongs to.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(help="E-mail address of the member that the token belongs to.", callback=nfc),
    ] = None,
    project: Annotated[
        list[int] | None, typer.Option(help="Limit the key to this project; repeatable.")
    ] = None,
    default_project: Annotated[
        int | None, typer.Option(help="Project of requests that name no project.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Create a key and print it. It cannot be shown again."""
    with write_unit(context, data_dir) as (runtime, unit):
        where = find_organization(unit, organization)
        projects.check_usable(unit, project or [])
        key, secret = service.create_key(
            unit,
            runtime.signer,
            where,
            name,
            role=role,
            project_ids=project or None,
            sub_account_id=sub_account,
            user=_find_user(unit, where, user) if user else None,
            settings=_settings(default_project),
        )
        projects.check_default(unit, key)
        result = _new_key(unit, where, key.id, secret)
    _print_new_key(result, as_json, f"Created key {key.id}.")


@keys.command("list")
def list_keys(
    context: typer.Context,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List keys, newest first."""
    with read_unit(context, data_dir) as unit:
        where = find_organization(unit, organization) if organization else None
        rows = [_row(key) for key in queries.keys(unit, where.id if where else None)]
    print_rows("keys", rows, as_json, KEY_HEADINGS)


@keys.command("revoke")
def revoke_key(
    context: typer.Context, key_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Revoke a key. Every process refuses it within a second."""
    with write_unit(context, data_dir) as (_, unit):
        result = _row(service.revoke_key(unit, key_id))
    print_result(result, as_json, f"Revoked key {key_id}.")


def _find_user(unit: ReadUnit, organization: Organization, email: str) -> User:
    member = queries.member_by_email(unit, organization.id, email)
    if member is None:
        raise NotFound(f"There is no user {email!r}: playout users add {email} --role ROLE.")
    return member.user


def _settings(default_project: int | None) -> dict[str, Any]:
    """Return the settings of a key, as the Productions API shows them."""
    if default_project is None:
        return {}
    return {"defaults": {"property": str(default_project)}}


def _new_key(
    unit: WriteUnit, organization: Organization, id_: int | str, secret: str
) -> dict[str, Any]:
    project = project_queries.first_of_organization(unit, organization.id)
    return {
        "id": id_,
        "key": secret,
        "organization": organization.slug,
        "project": project.id if project else None,
    }


def _row(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "hint": key.hint,
        "created_at": iso_time(key.created_at),
        "last_used_at": iso_time(key.last_used_at),
        "revoked_at": iso_time(key.revoked_at),
    }


def _print_new_key(result: dict[str, Any], as_json: bool, sentence: str) -> None:
    text = f"{sentence} Save its key, which cannot be shown again:\n\n  {result['key']}\n"
    print_result(result, as_json, text)
