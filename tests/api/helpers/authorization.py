"""Who asks, what a route answers them, and the tables of all routes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playout.core.permissions import Role

ROLES = tuple(role for role in Role if role is not Role.OWNER)
NOBODY = ("nothing", "junk", "bad checksum", "revoked")
ANOTHER = "another organization"
STRANGERS = (ANOTHER, "a sub-account", "another project")
RENDER = "a render credential"
CALLERS = (*NOBODY, *ROLES, *STRANGERS, RENDER)
VIEWER, DEVELOPER, MANAGER, ADMIN = ROLES


@dataclass(frozen=True)
class Rule:
    """What a route answers: to whom it is allowed from which role on, and to strangers.

    `strangers` is the status for another organization's administrator, for a sub-account's key,
    and for an administrator's key that is confined to another project; one number is for all.
    """

    ok: int
    least: Role
    strangers: int | tuple[int, int, int]
    body: Any = None
    raw: bytes | None = None
    address: str = ""
    """Where it is not the path: names of `api_things` in braces."""
    render: int = 403
    headers: Mapping[str, str] = field(default_factory=dict)
    """What a request says beside its credential."""
    published: Role | None = None
    """The lowest role where the video is published, for a route that changes a video."""

    def status(self, caller: str) -> int:
        if caller in NOBODY:
            return 401
        if caller == RENDER:
            return self.render
        if caller in STRANGERS:
            told = self.strangers
            return told if isinstance(told, int) else told[STRANGERS.index(caller)]
        return self.ok if ROLES.index(Role(caller)) >= ROLES.index(self.least) else 403


Table = dict[tuple[str, str], Rule]
