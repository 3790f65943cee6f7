"""The principal: whoever makes a request."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    any_,
    literal,
)
from sqlalchemy.dialects.postgresql import ARRAY

from playout.core.permissions import (
    ORGANIZATION_WIDE,
    PERMISSIONS,
    PROJECT_WIDE,
    READING,
    RENDERING,
    Permission,
    Role,
)
from playout.kit.database.statements import parameter
from playout.kit.errors import Forbidden

IdColumn = SQLColumnExpression[int] | SQLColumnExpression[int | None]
IDS = ARRAY(BigInteger)


class Reach(NamedTuple):
    """The facts that decide about the conditions of a principal's queries, apart from values."""

    role: Role | None
    has_organization: bool
    projects: int | None
    """The number of projects that it is confined to; 2 stands for several."""
    is_sub_account: bool
    is_user: bool


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever makes a request, as the credential proves it. No header can claim to be another.

    `organization_id` is None for the operator and the worker only, who belong to no organization.
    `project_ids` confines a key to some projects, `sub_account_id` to the videos of a sub-account.
    `name` is written into rows and events; that of a person is an id. `full_name` is what the
    organization calls the person, to be shown and not written down.
    `role` is None for a render credential, which may only render. `key_id` is the id of the key or
    of the user token.
    """

    kind: str
    id: str
    name: str
    role: Role | None
    organization_id: int | None
    organization_uid: UUID | None = None
    project_ids: frozenset[int] | None = None
    sub_account_id: int | None = None
    user_id: int | None = None
    key_id: int | None = None
    full_name: str = ""
    language: str = ""
    """The language that a person chose; "" for none."""

    def may(self, permission: Permission) -> bool:
        """Return whether the principal has a permission."""
        if self.role is None:
            return permission in RENDERING
        if self.sub_account_id is not None and permission in PROJECT_WIDE:
            return False
        if self.project_ids is not None and permission in ORGANIZATION_WIDE:
            return False
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise `Forbidden` unless the principal has a permission."""
        if self.may(permission):
            return
        if self.role is None:
            raise Forbidden("A render credential may only render.")
        if permission in PERMISSIONS[self.role] and self.sub_account_id is None:
            raise Forbidden(f"A key confined to projects may not do this; it needs {permission}.")
        if permission in PERMISSIONS[self.role]:
            raise Forbidden(f"A sub-account may not do this; it needs {permission}.")
        raise Forbidden(f"The role {self.role} may not do this; it needs {permission}.")

    @property
    def may_only_read(self) -> bool:
        """Return whether the role lets the principal change nothing at all."""
        return self.role is not None and PERMISSIONS[self.role] <= READING

    @property
    def manages_videos(self) -> bool:
        """Return whether the principal works on the videos in its reach, instead of watching them.

        Such a principal sees all of them, published or not, so that it can work on them.
        """
        return self.may(Permission.VIDEOS_WRITE) or self.sub_account_id is not None

    def owns(
        self, organization_id: int, project_id: int | None, sub_account_id: int | None
    ) -> bool:
        """Return whether something of that organization, project and sub-account is in reach."""
        if self.role is Role.OWNER:
            return True
        return (
            organization_id == self.organization_id
            and (self.project_ids is None or project_id in self.project_ids)
            and (self.sub_account_id is None or sub_account_id == self.sub_account_id)
        )

    def owned(
        self,
        organization_id: IdColumn,
        project_id: IdColumn | None = None,
        sub_account_id: IdColumn | None = None,
    ) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions of `owns` on the columns of a query, which has some of the three."""
        if self.role is Role.OWNER:
            return
        yield organization_id == self.organization_id
        if self.project_ids is not None and project_id is not None:
            yield _is_any_of(project_id, self.project_ids)
        if self.sub_account_id is not None and sub_account_id is not None:
            yield sub_account_id == self.sub_account_id

    @property
    def reach(self) -> Reach:
        """Return the reach of the principal. Those of the same reach share their statements."""
        return Reach(
            self.role,
            self.organization_id is not None,
            None if self.project_ids is None else min(2, len(self.project_ids)),
            self.sub_account_id is not None,
            self.user_id is not None,
        )

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Return the values for the parameters of `with_parameters`."""
        return {
            "caller_organization": self.organization_id,
            "caller_projects": list(self.project_ids or ()),
            "caller_project": next(iter(self.project_ids or ()), None),
            "caller_sub_account": self.sub_account_id,
            "caller_user": self.user_id,
        }


@lru_cache
def with_parameters(reach: Reach) -> Principal:
    """Return a principal of that reach, with parameters of SQL for the values of its conditions.

    A statement with its conditions serves every principal of that reach.
    """

    def value(name: str, present: bool) -> Any:
        return parameter(name, BigInteger) if present else None

    return Principal(
        kind="",
        id="",
        name="",
        role=reach.role,
        organization_id=value("caller_organization", reach.has_organization),
        project_ids=_project_parameters(reach.projects),
        sub_account_id=value("caller_sub_account", reach.is_sub_account),
        user_id=value("caller_user", reach.is_user),
    )


def _project_parameters(projects: int | None) -> Any:
    """Return the parameters for the projects of a reach."""
    if projects is None:
        return None
    if projects == 1:
        return (parameter("caller_project", BigInteger),)
    return parameter("caller_projects", IDS)


def _is_any_of(column: IdColumn, ids: Collection[int]) -> ColumnElement[bool]:
    if isinstance(ids, BindParameter):
        return column == any_(ids)
    if len(ids) == 1:
        # An index on this column has the rows of one value in its order, and not those of several.
        return column == next(iter(ids))
    return column == any_(literal(sorted(ids), IDS))


OPERATOR = Principal("operator", "cli", "Operator", Role.OWNER, None)
"""Whoever has a shell on the machine."""

WORKER = Principal("worker", "jobs", "Worker", Role.OWNER, None)
"""Playout itself, which runs jobs."""
