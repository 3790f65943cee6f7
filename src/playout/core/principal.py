"""The principal: whoever makes a request."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression

from playout.core.permissions import (
    ORGANIZATION_WIDE,
    PERMISSIONS,
    PROJECT_WIDE,
    READING,
    Permission,
    Role,
)
from playout.kit.errors import Forbidden

IdColumn = SQLColumnExpression[int] | SQLColumnExpression[int | None]


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

    def may(self, permission: Permission) -> bool:
        """Return whether the principal has a permission."""
        if self.role is None:
            return False
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
            yield project_id.in_(self.project_ids)
        if self.sub_account_id is not None and sub_account_id is not None:
            yield sub_account_id == self.sub_account_id


OPERATOR = Principal("operator", "cli", "Operator", Role.OWNER, None)
"""Whoever has a shell on the machine."""

WORKER = Principal("worker", "jobs", "Worker", Role.OWNER, None)
"""Playout itself, which runs jobs."""
