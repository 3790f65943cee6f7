"""Roles and their permissions: the one table that decides."""

from enum import StrEnum


class Permission(StrEnum):
    """A permission, as `resource:action`."""

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
    FILM_TEMPLATES_WRITE = "film_templates:write"
    SHARES_READ = "shares:read"
    SHARES_WRITE = "shares:write"
    RENDERS_WRITE = "renders:write"
    CREDENTIALS_WRITE = "credentials:write"
    KEYS_WRITE = "keys:write"
    MEMBERS_WRITE = "members:write"
    SUB_ACCOUNTS_WRITE = "sub_accounts:write"
    WEBHOOKS_WRITE = "webhooks:write"
    ORGANIZATIONS_WRITE = "organizations:write"


class Role(StrEnum):
    """A role. In ascending order: each role holds the permissions of those before it."""

    VIEWER = "Viewer"
    DEVELOPER = "Developer"
    PROJECT_MANAGER = "ProjectManager"
    ORGANIZATION_ADMIN = "OrganizationAdmin"
    OWNER = "Owner"


ADDED = {
    Role.VIEWER: {Permission.VIDEOS_READ, Permission.PROJECTS_READ, Permission.SHARES_READ},
    Role.DEVELOPER: {
        Permission.VIDEOS_WRITE,
        Permission.CATALOG_WRITE,
        Permission.FILM_TEMPLATES_WRITE,
    },
    Role.PROJECT_MANAGER: {
        Permission.VIDEOS_PUBLISH,
        Permission.DISTRIBUTIONS_WRITE,
        Permission.ACTIVATIONS_WRITE,
        Permission.PROJECTS_WRITE,
        Permission.SHARES_WRITE,
        Permission.RENDERS_WRITE,
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
"""The permissions that each role adds to those of the role before it."""

ORDER = list(Role)


def permissions_of(role: Role) -> frozenset[Permission]:
    """Return every permission of a role."""
    held = ORDER[: ORDER.index(role) + 1]
    return frozenset().union(*(ADDED[each] for each in held))


PERMISSIONS = {role: permissions_of(role) for role in Role}

RENDERING = frozenset({Permission.RENDERS_WRITE})
"""The permissions of a render credential, in its project."""

READING = frozenset(
    {
        Permission.VIDEOS_READ,
        Permission.VIDEOS_READ_PRIVATE,
        Permission.PROJECTS_READ,
        Permission.SHARES_READ,
    }
)
"""Permissions that change nothing."""

ORGANIZATION_WIDE = frozenset(
    {
        Permission.CATALOG_WRITE,
        Permission.KEYS_WRITE,
        Permission.MEMBERS_WRITE,
        Permission.SUB_ACCOUNTS_WRITE,
        Permission.WEBHOOKS_WRITE,
    }
)
"""Permissions that reach beyond single projects. No key that is confined to projects has them: a
key that could create keys would not be confined."""

PROJECT_WIDE = ORGANIZATION_WIDE | frozenset(
    {
        Permission.PROJECTS_WRITE,
        Permission.PROJECTS_ARCHIVE,
        Permission.FILM_TEMPLATES_WRITE,
        Permission.SHARES_READ,
        Permission.SHARES_WRITE,
        Permission.RENDERS_WRITE,
        Permission.CREDENTIALS_WRITE,
    }
)
"""Permissions that reach beyond the videos of one customer. No sub-account has them, whatever its
role."""
