"""Who is asking."""

from dataclasses import dataclass
from uuid import UUID

from playout.core.permissions import (
    OF_THE_ORGANIZATION,
    OF_WHOLE_PROJECTS,
    PERMISSIONS,
    Permission,
    Role,
)
from playout.kit.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller, as the credential says: never as a header claims.

    `organization_id` is None for the operator alone, who stands above all organizations.
    `project_ids` confines a key to some projects, `sub_account_id` to one sub-account's videos.
    `role` is None for a render credential, which may nothing but render. `key_id` is the key or the
    token that the caller came with.
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

    def may(self, permission: Permission) -> bool:
        if self.role is None:
            return False
        if self.sub_account_id is not None and permission in OF_WHOLE_PROJECTS:
            return False
        if self.project_ids is not None and permission in OF_THE_ORGANIZATION:
            return False
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise `Forbidden` unless the caller may do this."""
        if self.may(permission):
            return
        if self.role is None:
            raise Forbidden("A render credential may nothing but render.")
        if permission in PERMISSIONS[self.role] and self.sub_account_id is None:
            raise Forbidden(f"A key of some projects may not do this; it needs {permission}.")
        if permission in PERMISSIONS[self.role]:
            raise Forbidden(f"A sub-account may not do this; it needs {permission}.")
        raise Forbidden(f"The role {self.role} may not do this; it needs {permission}.")

    @property
    def manages_videos(self) -> bool:
        """Whether the principal works on the videos within its reach, instead of watching them.

        Such a principal sees all of them, published or not. Whoever may change a video could change
        its visibility, so nothing is hidden from them.
        """
        return self.may(Permission.VIDEOS_WRITE) or self.sub_account_id is not None

    def owns(
        self, organization_id: int, project_id: int | None, sub_account_id: int | None
    ) -> bool:
        """Whether something in that place is the caller's to see."""
        if self.role is Role.OWNER:
            return True
        return (
            organization_id == self.organization_id
            and (self.project_ids is None or project_id in self.project_ids)
            and (self.sub_account_id is None or sub_account_id == self.sub_account_id)
        )


OPERATOR = Principal("operator", "cli", "Operator", Role.OWNER, None)
"""Whoever has a shell on the machine."""

WORKER = Principal("worker", "jobs", "Worker", Role.OWNER, None)
"""Playout itself, doing what was asked for earlier."""
