"""Units of work for commands, and the organization that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from playout.cli.bootstrap import Bootstrap
from playout.cli.options import DataDir
from playout.core.accounts import queries
from playout.core.accounts.model import Organization
from playout.core.principal import OPERATOR
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import Invalid, NotFound
from playout.runtime import Runtime

OrganizationSlug = Annotated[
    str | None,
    typer.Option(
        "--organization", help="Slug of the organization. Not needed if there is only one."
    ),
]


@contextmanager
def write_unit(context: typer.Context, data_dir: DataDir) -> Iterator[tuple[Runtime, WriteUnit]]:
    """Open the runtime and a transaction of the operator, which commits at the end."""
    bootstrap: Bootstrap = context.obj()
    with (
        bootstrap.open_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime,
        runtime.work.write(OPERATOR, Origin("cli")) as unit,
    ):
        yield runtime, unit


@contextmanager
def read_unit(context: typer.Context, data_dir: DataDir) -> Iterator[ReadUnit]:
    """Open a unit of the operator that only reads."""
    bootstrap: Bootstrap = context.obj()
    with (
        bootstrap.open_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime,
        runtime.work.read(OPERATOR) as unit,
    ):
        yield unit


def find_organization(unit: ReadUnit, slug: str | None) -> Organization:
    """Return the organization with that slug or, without a slug, the only organization.

    Raises `NotFound` if there is none, and `Invalid` if there are several.
    """
    if slug is not None:
        organization = queries.organization_by_slug(unit, slug)
        if organization is None:
            raise NotFound(f"There is no organization {slug!r}.")
        return organization
    first_two = queries.organizations(unit, 2)
    if not first_two:
        raise NotFound(
            "There is no organization yet. Create one: playout organizations create NAME."
        )
    if len(first_two) > 1:
        raise Invalid("There are several organizations. Choose one with --organization SLUG.")
    return first_two[0]
