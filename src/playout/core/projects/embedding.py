"""The sites that may show the videos of a project in a frame."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import queries
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Invalid, require_found

EVERY_SITE = "*"
EMBEDDING = "embedding"
"""The tag, in memory, of what tells whether other sites may show a video."""
MOST_SITES = 50
MOST_CHARACTERS = 2_000
"""Characters of all sites together. They are in a header, for which proxies have little space."""
DEFAULT_PORTS = {"http": 80, "https": 443}
LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*", re.ASCII)
WILDCARD = "*."
FORMS = (
    "write https://example.com, https://*.example.com, http://localhost:3000, or * for all sites"
)


def get(unit: ReadUnit, project_id: int) -> Project:
    """Return a project with its sites. Raise `NotFound`."""
    unit.principal.require(Permission.PROJECTS_READ)
    return require_found(queries.by_id(unit, project_id), "workspace")


def set_sites(unit: WriteUnit, project_id: int, sites: Sequence[str]) -> Project:
    """Set the sites that may embed the videos of a project. Raise `NotFound` and `Invalid`."""
    unit.principal.require(Permission.SHARES_WRITE)
    project = require_found(queries.by_id(unit, project_id, for_update=True), "workspace")
    unit.check_if_match(project.sites_etag)
    before = {"embed_sites": project.embed_sites}
    project.embed_sites = _parsed(sites)
    changes = differences(before, {"embed_sites": project.embed_sites})
    if changes:
        unit.record("project.updated", project, changes)
        unit.invalidate(EMBEDDING)
    return project


def parse_site(text: str) -> str:
    """Return a site as the header names it. Raise `ValueError` with the reason.

    Without a scheme, `https` is meant. `*.example.com` means every subdomain, but not
    `example.com` itself. No other port than the one of the site is meant.
    """
    if text == EVERY_SITE:
        return text
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        port, host = parts.port, (parts.hostname or "")
    except ValueError:
        raise ValueError(f"{text} is not a site: {FORMS}") from None
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or port == 0:
        raise ValueError(f"{text} is not a site: {FORMS}")
    if parts.path not in {"", "/"} or "?" in text or "#" in text:
        raise ValueError(f"{text} is more than a site: leave out what follows the host")
    name = _ascii(host.removeprefix(WILDCARD), text)
    if host.startswith(WILDCARD):
        if "." not in name and name != "localhost":
            raise ValueError(f"{text} means too many sites: name the domain after *.")
        name = f"{WILDCARD}{name}"
    shown_port = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{name}{shown_port}"


def frame_ancestors(sites: Sequence[str]) -> str:
    """Return the value of the directive `frame-ancestors`. One's own host is always allowed."""
    return " ".join(("'self'", *sites))


def _parsed(sites: Sequence[str]) -> list[str]:
    try:
        parsed = list(dict.fromkeys(parse_site(each.strip()) for each in sites))
    except ValueError as error:
        raise Invalid(f"sites: {error}.", {"sites": f"{error}."}) from error
    if len(parsed) > MOST_SITES or sum(map(len, parsed)) > MOST_CHARACTERS:
        problem = f"There may be {MOST_SITES} sites, with {MOST_CHARACTERS} characters together."
        raise Invalid(problem, {"sites": problem})
    return parsed


def _ascii(host: str, text: str) -> str:
    """Return a host in ASCII, as browsers compare it."""
    try:
        name = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        name = ""
    if not HOST.fullmatch(name):
        raise ValueError(f"{text} is not a site: {FORMS}")
    return name


def embeddable(session: Session, project_ids: Collection[int]) -> set[int]:
    """Return those of the projects whose videos other sites may show."""
    query = select(Project.id).where(
        Project.id.in_(project_ids), func.cardinality(Project.embed_sites) > 0
    )
    return set(session.scalars(query))
