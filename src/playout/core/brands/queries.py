"""Every query about brands. They serve pages, and so are confined to nobody."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from playout.core.brands.model import Brand, Picture, plain_brand
from playout.core.projects.model import Project


def of_project(session: Session, project: Project) -> Brand:
    """Return the brand of a project, the plain one if it has none of its own."""
    return session.get(Brand, project.id) or plain_brand(project.id)


def picture(
    session: Session, project_uid: UUID, picture: Picture, fingerprint: str
) -> bytes | None:
    """Return a picture of a project's brand with that fingerprint; None if it has no such one."""
    content = getattr(Brand, picture)
    named = getattr(Brand, f"{picture}_fingerprint") == fingerprint
    query = select(content).join(Project, Project.id == Brand.project_id)
    found: bytes | None = session.scalar(query.where(Project.uid == project_uid, named))
    return found
