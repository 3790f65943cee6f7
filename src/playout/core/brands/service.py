"""Use cases of brands: read, change, set a picture. The pages of shares show them."""

from playout.core.brands import queries
from playout.core.brands.model import Brand, BrandFields, Picture
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.projects import queries as projects
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.web_addresses import check_web_addresses
from playout.kit.colors import HEX
from playout.kit.errors import Invalid, require_found

NOUN = "workspace"


def get(unit: ReadUnit, project_id: int) -> tuple[Project, Brand]:
    """Return a project and its brand. Raise `NotFound`."""
    unit.principal.require(Permission.PROJECTS_READ)
    project = require_found(projects.by_id(unit, project_id), NOUN)
    return project, queries.of_project(unit.session, project)


def update(unit: WriteUnit, project_id: int, fields: BrandFields) -> tuple[Project, Brand]:
    """Change a brand. Fields left out keep their values. Raise `NotFound` and `Invalid`."""
    project, brand = _for_update(unit, project_id)
    check_web_addresses(fields)
    for name in ("color", "accent"):
        if name in fields and not HEX.fullmatch(str(fields.get(name))):
            raise Invalid(f"{name}: It must be a colour like #0d4f4a.", {name: "Like #0d4f4a."})
    unit.check_if_match(brand.etag)
    before = brand.audit_state()
    for name, value in fields.items():
        setattr(brand, name, value)
    _record(unit, project, brand, before)
    return project, brand


def check_may_change(unit: ReadUnit, project_id: int) -> None:
    """Raise `Forbidden` and `NotFound` before the bytes of a picture are read."""
    unit.principal.require(Permission.SHARES_WRITE)
    require_found(projects.by_id(unit, project_id), NOUN)


def set_picture(
    unit: WriteUnit, project_id: int, picture: Picture, content: bytes | None
) -> tuple[Project, Brand]:
    """Set the logo or the favicon; None removes it. `content` is what `transcode` made of it."""
    project, brand = _for_update(unit, project_id)
    before = brand.audit_state()
    brand.set_picture(picture, content)
    _record(unit, project, brand, before)
    return project, brand


def _for_update(unit: WriteUnit, project_id: int) -> tuple[Project, Brand]:
    unit.principal.require(Permission.SHARES_WRITE)
    project = require_found(projects.by_id(unit, project_id, for_update=True), NOUN)
    return project, queries.of_project(unit.session, project)


def _record(unit: WriteUnit, project: Project, brand: Brand, before: dict[str, object]) -> None:
    changes = differences(before, brand.audit_state())
    if changes:
        unit.session.add(brand)  # it may be the plain one, which is not stored
        unit.record("project.updated", project, changes)
