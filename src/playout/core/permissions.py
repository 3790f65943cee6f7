"""Roles and what each may do: the one table that the code reads."""

from enum import StrEnum


class Permission(StrEnum):
    """`resource:action`."""

    VIDEOS_READ = "videos:read"
    VIDEOS_WRITE = "videos:write"
    VIDEOS_PUBLISH = "videos:publish"
    VIDEOS_READ_PRIVATE = "videos:read_private"
    CATALOG_WRITE = "catalog:write"
    DISTRIBUTIONS_WRITE = "distributions:write"
    ACTIVATIONS_WRITE = "activations:write"
    PROJECTS_READ = "projects:read"
    PROJECTS_WRITE = "projects:write"
    PROJECTS_ARCHIVE = "projects:archive"
    SHARES_READ = "shares:read"
    SHARES_WRITE = "shares:write"
    CREDENTIALS_WRITE = "credentials:write"
    KEYS_WRITE = "keys:write"
    MEMBERS_WRITE = "members:write"
    SUB_ACCOUNTS_WRITE = "sub_accounts:write"
    WEBHOOKS_WRITE = "webhooks:write"
    ORGANIZATIONS_WRITE = "organizations:write"


class Role(StrEnum):
    """In ascending order: each role holds what those before it hold."""

    VIEWER = "Viewer"
    DEVELOPER = "Developer"
    PROJECT_MANAGER = "ProjectManager"
    ORGANIZATION_ADMIN = "OrganizationAdmin"
    OWNER = "Owner"


ADDED = {
    Role.VIEWER: {Permission.VIDEOS_READ, Permission.PROJECTS_READ, Permission.SHARES_READ},
    Role.DEVELOPER: {Permission.VIDEOS_WRITE, Permission.CATALOG_WRITE},
    Role.PROJECT_MANAGER: {
        Permission.VIDEOS_PUBLISH,
        Permission.DISTRIBUTIONS_WRITE,
        Permission.ACTIVATIONS_WRITE,
        Permission.PROJECTS_WRITE,
        Permission.SHARES_WRITE,
        Permission.CREDENTIALS_WRITE,
    },
    Role.ORGANIZATION_ADMIN: {
        Permission.VIDEOS_READ_PRIVATE,
        Permission.KEYS_WRITE,
        Permission.MEMBERS_WRITE,
        Permission.SUB_ACCOUNTS_WRITE,
        Permission.WEBHOOKS_WRITE,
        Permission.PROJECTS_ARCHIVE,
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

OF_THE_ORGANIZATION = frozenset(
    {
        Permission.CATALOG_WRITE,
        Permission.KEYS_WRITE,
        Permission.MEMBERS_WRITE,
        Permission.SUB_ACCOUNTS_WRITE,
        Permission.WEBHOOKS_WRITE,
    }
)
"""What reaches beyond some of its projects: no key that is confined to them may do it. A key that
could make keys would not be confined."""

OF_WHOLE_PROJECTS = OF_THE_ORGANIZATION | frozenset(
    {
        Permission.PROJECTS_WRITE,
        Permission.PROJECTS_ARCHIVE,
        Permission.SHARES_READ,
        Permission.SHARES_WRITE,
        Permission.CREDENTIALS_WRITE,
    }
)
"""What reaches beyond one customer's videos: no sub-account may do it, whatever its role."""
