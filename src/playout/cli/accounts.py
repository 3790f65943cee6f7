"""Commands about organizations, people, sub-accounts and keys.

They work on the database itself, also while a server runs on it.
"""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from playout.cli.bootstrap import DataDir, Json
from playout.cli.units import OrganizationSlug, chosen, reading, writing
from playout.core.accounts import queries, service
from playout.core.accounts.model import Key, Organization, User
from playout.core.permissions import Role
from playout.core.projects import queries as project_queries
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import NotFound

organizations = typer.Typer(help="Tenants.", no_args_is_help=True)
sub_accounts = typer.Typer(help="Customers of an organization.", no_args_is_help=True)
users = typer.Typer(help="People and their roles.", no_args_is_help=True)
keys = typer.Typer(help="API keys and tokens.", no_args_is_help=True)

FIRST_PROJECT = "Videos"
FIRST_KEY = "First key"


@organizations.command("create")
def create_organization(
    context: typer.Context, name: str, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Found an organization, with a first project and a key for its administrator."""
    with writing(context, data_dir) as (runtime, unit):
        organization = service.create_organization(unit, name)
        projects.create(unit, organization, FIRST_PROJECT)
        _, secret = service.create_key(
            unit, runtime.signer, organization, FIRST_KEY, role=Role.ORGANIZATION_ADMIN
        )
        out = _shown(unit, organization, str(organization.uid), secret)
    _print_secret(out, as_json, f"Organization {organization.slug!r} is there.")


@sub_accounts.command("create")
def create_sub_account(
    context: typer.Context,
    name: str,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Open a sub-account."""
    with writing(context, data_dir) as (_, unit):
        account = service.create_sub_account(unit, chosen(unit, organization), name)
        out = {"id": account.id, "name": account.name}
    _print(out, as_json, f"Sub-account {out['id']} is there.")


@users.command("add")
def add_user(
    context: typer.Context,
    email: str,
    role: Annotated[Role, typer.Option(help="What they may do.")],
    full_name: Annotated[str, typer.Option("--name", help="Full name.")] = "",
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a person a member of an organization, or change their role."""
    with writing(context, data_dir) as (_, unit):
        where = chosen(unit, organization)
        user = service.add_member(unit, where, email, full_name, role)
        out = {"id": user.id, "email": user.email, "role": role, "organization": where.slug}
    _print(out, as_json, f"{email} is {role} in {out['organization']!r}.")


@users.command("remove")
def remove_user(
    context: typer.Context,
    email: str,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """End a person's membership, and with it their tokens."""
    with writing(context, data_dir) as (_, unit):
        where = chosen(unit, organization)
        service.remove_member(unit, where, email)
        out = {"email": email, "organization": where.slug}
    _print(out, as_json, f"{email} is no longer a member of {out['organization']!r}.")


@keys.command("create")
def create_key(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="What it is for.")],
    role: Annotated[Role | None, typer.Option(help="What it may do.")] = None,
    organization: OrganizationSlug = None,
    sub_account: Annotated[int | None, typer.Option(help="Id of a sub-account.")] = None,
    user: Annotated[str | None, typer.Option(help="E-mail address of a member.")] = None,
    project: Annotated[
        list[int] | None, typer.Option(help="Confine the key to this project; repeatable.")
    ] = None,
    default_project: Annotated[
        int | None, typer.Option(help="The project that is meant where none is named.")
    ] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a key, and print it: it cannot be shown again."""
    with writing(context, data_dir) as (runtime, unit):
        where = chosen(unit, organization)
        projects.check_usable(unit, project or [])
        key, secret = service.create_key(
            unit,
            runtime.signer,
            where,
            name,
            role=role,
            project_ids=project or None,
            sub_account_id=sub_account,
            user=_user(unit, user) if user else None,
            settings=_settings(default_project),
        )
        projects.check_default(unit, key)
        out = _shown(unit, where, key.id, secret)
    _print_secret(out, as_json, f"Key {key.id} is there.")


@keys.command("list")
def list_keys(
    context: typer.Context,
    organization: OrganizationSlug = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """List keys, newest first."""
    with reading(context, data_dir) as unit:
        where = chosen(unit, organization) if organization else None
        rows = [_row(key) for key in queries.keys(unit, where.id if where else None)]
    if as_json:
        typer.echo(json.dumps({"keys": rows}))
        return
    table = Table("id", "name", "kind", "role", "ends in", "created", "last used", "revoked")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)


@keys.command("revoke")
def revoke_key(
    context: typer.Context, key_id: int, data_dir: DataDir = None, as_json: Json = False
) -> None:
    """Stop a key, on every process within a second."""
    with writing(context, data_dir) as (_, unit):
        out = _row(service.revoke_key(unit, key_id))
    _print(out, as_json, f"Key {key_id} is revoked.")


def _user(unit: ReadUnit, email: str) -> User:
    user = queries.user_by_email(unit, email)
    if user is None:
        raise NotFound(f"There is no user {email!r}: playout users add {email} --role ROLE.")
    return user


def _settings(default_project: int | None) -> dict[str, Any]:
    if default_project is None:
        return {}
    return {"defaults": {"property": str(default_project)}}


def _shown(
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
    def day(moment: Any) -> str | None:
        return moment.isoformat(timespec="seconds") if moment else None

    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "hint": key.hint,
        "created_at": day(key.created_at),
        "last_used_at": day(key.last_used_at),
        "revoked_at": day(key.revoked_at),
    }


def _print(out: dict[str, Any], as_json: bool, sentence: str) -> None:
    typer.echo(json.dumps(out) if as_json else sentence)


def _print_secret(out: dict[str, Any], as_json: bool, sentence: str) -> None:
    _print(out, as_json, f"{sentence} Its key, which cannot be shown again:\n\n  {out['key']}\n")
