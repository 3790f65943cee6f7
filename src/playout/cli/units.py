"""Units of work for commands, and the organization that a command is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from playout.cli.bootstrap import DataDir, Parts
from playout.core.accounts import queries
from playout.core.accounts.model import Organization
from playout.core.principal import OPERATOR
from playout.core.unit import Origin, ReadUnit, WriteUnit
from playout.kit.errors import Invalid, NotFound
from playout.runtime import Runtime

OrganizationSlug = Annotated[
    str | None, typer.Option("--organization", help="Its slug; not needed while there is but one.")
]


@contextmanager
def writing(context: typer.Context, data_dir: DataDir) -> Iterator[tuple[Runtime, WriteUnit]]:
    parts: Parts = context.obj
    with (
        parts.opened(parts.configured(data_dir=data_dir)) as runtime,
        runtime.work.write(OPERATOR, Origin("cli")) as unit,
    ):
        yield runtime, unit


@contextmanager
def reading(context: typer.Context, data_dir: DataDir) -> Iterator[ReadUnit]:
    parts: Parts = context.obj
    with (
        parts.opened(parts.configured(data_dir=data_dir)) as runtime,
        runtime.work.read(OPERATOR) as unit,
    ):
        yield unit


def chosen(unit: ReadUnit, slug: str | None) -> Organization:
    if slug is not None:
        found = queries.organization_by_slug(unit, slug)
        if found is None:
            raise NotFound(f"There is no organization {slug!r}.")
        return found
    some = queries.organizations(unit, 2)
    if not some:
        raise NotFound("There is no organization yet: playout organizations create NAME.")
    if len(some) > 1:
        raise Invalid("There are several organizations: say which with --organization SLUG.")
    return some[0]
