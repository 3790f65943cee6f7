"""Roles and what each may do: the one table that the code reads."""

from enum import StrEnum


class Permission(StrEnum):
    """`resource:action`."""

    VIDEOS_READ = "videos:read"
    VIDEOS_WRITE = "videos:write"
    VIDEOS_PUBLISH = "videos:publish"
    PROJECTS_WRITE = "projects:write"
    KEYS_WRITE = "keys:write"
    MEMBERS_WRITE = "members:write"
    SUB_ACCOUNTS_WRITE = "sub_accounts:write"
    ORGANIZATIONS_WRITE = "organizations:write"


class Role(StrEnum):
    """In ascending order: each role holds what those before it hold."""

    VIEWER = "Viewer"
    DEVELOPER = "Developer"
    PROJECT_MANAGER = "ProjectManager"
    ORGANIZATION_ADMIN = "OrganizationAdmin"
    OWNER = "Owner"


ADDED = {
    Role.VIEWER: {Permission.VIDEOS_READ},
    Role.DEVELOPER: {Permission.VIDEOS_WRITE},
    Role.PROJECT_MANAGER: {Permission.VIDEOS_PUBLISH, Permission.PROJECTS_WRITE},
    Role.ORGANIZATION_ADMIN: {
        Permission.KEYS_WRITE,
        Permission.MEMBERS_WRITE,
        Permission.SUB_ACCOUNTS_WRITE,
    },
    Role.OWNER: {Permission.ORGANIZATIONS_WRITE},
}
"""What each role may do beyond the role before it."""

ORDER = list(Role)


def permissions_of(role: Role) -> frozenset[Permission]:
    """Everything that a role may do."""
    held = ORDER[: ORDER.index(role) + 1]
    return frozenset().union(*(ADDED[each] for each in held))


PERMISSIONS = {role: permissions_of(role) for role in Role}
