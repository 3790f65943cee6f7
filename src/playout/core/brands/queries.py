"""The query of the pictures of brands, which the public sees."""

from uuid import UUID

from sqlalchemy import select

from playout.core.brands.model import Brand, Picture
from playout.core.projects.model import Project
from playout.kit.database.engine import Database


def picture(
    database: Database, project_uid: str, picture: Picture, fingerprint: str
) -> bytes | None:
    """Return a picture of a project's brand with that fingerprint; None if it has no such one."""
    try:
        uid = UUID(project_uid)
    except ValueError:
        return None
    content = getattr(Brand, picture)
    named = getattr(Brand, f"{picture}_fingerprint") == fingerprint
    query = select(content).join(Project, Project.id == Brand.project_id)
    with database.read_session() as session:
        found: bytes | None = session.scalar(query.where(Project.uid == uid, named))
        return found
