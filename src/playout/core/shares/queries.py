"""Every query about shares and render credentials.

Those of callers are confined by the project, which the caller has been shown already; those of
the public go by what only a slug can open.
"""

from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from playout.core.accounts.model import RenderCredential
from playout.core.ledger.model import Entry, Subject
from playout.core.media.model import Asset
from playout.core.projects import queries as projects
from playout.core.projects.model import Project
from playout.core.publications.model import Publication
from playout.core.shares.model import Channel, Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video


def of_project(unit: ReadUnit, project: Project) -> list[Share]:
    """In the order of the channels."""
    rows = unit.session.scalars(select(Share).where(Share.project_id == project.id))
    return sorted(rows, key=lambda share: list(Channel).index(share.channel))


def share(unit: ReadUnit, project: Project, channel: Channel) -> Share | None:
    return unit.session.get(Share, (project.id, channel))


def history(unit: ReadUnit, subject: Subject, limit: int) -> list[Entry]:
    """What happened to it, newest first."""
    mine = (
        Entry.organization_id == subject.organization_id,
        Entry.subject_type == subject.type,
        Entry.subject_id == subject.id,
    )
    query = select(Entry).where(*mine).order_by(Entry.id.desc()).limit(limit)
    return list(unit.session.scalars(query))


def video_of(unit: ReadUnit, project: Project, uid: UUID) -> Video | None:
    """The video of that project."""
    mine = Video.uid == uid, Video.project_id == project.id, Video.deleted_at.is_(None)
    return unit.session.scalar(select(Video).where(*mine))


def credentials(unit: ReadUnit, project: Project) -> list[RenderCredential]:
    """Newest first, revoked ones among them."""
    query = select(RenderCredential).where(RenderCredential.project_id == project.id)
    return list(unit.session.scalars(query.order_by(RenderCredential.id.desc())))


def credential(unit: ReadUnit, project: Project, uid: UUID) -> RenderCredential | None:
    """The credential of that project."""
    mine = RenderCredential.id == uid, RenderCredential.project_id == project.id
    return unit.session.scalar(select(RenderCredential).where(*mine))


def credential_for_update(unit: WriteUnit, uid: UUID) -> RenderCredential | None:
    """A credential of a project that the caller may see, locked."""
    query = (
        select(RenderCredential)
        .where(
            RenderCredential.id == uid,
            RenderCredential.project_id.in_(projects.visible_ids(unit)),
        )
        .with_for_update()
    )
    return unit.session.scalar(query)


def by_slug(session: Session, slug: str) -> Row[Share, Project, RenderCredential | None] | None:
    """The share at that address now, with what decides whether it serves."""
    return session.execute(
        select(Share, Project, RenderCredential)
        .join(Project, Project.id == Share.project_id)
        .outerjoin(RenderCredential, RenderCredential.id == Share.credential_id)
        .where(Share.slug == slug)
    ).one_or_none()


def played(session: Session, share: Share) -> Row[Video, Asset | None] | None:
    """The video that a share plays at this moment, with its asset where it is not elsewhere."""
    query = (
        select(Video, Asset)
        .outerjoin(Asset, Asset.id == Video.asset_id)
        .where(
            Video.project_id == share.project_id,
            Video.deleted_at.is_(None),
            or_(Video.asset_id.is_not(None), Video.external_url.is_not(None)),
        )
    )
    if share.video_uid is not None:
        query = query.where(Video.uid == share.video_uid)
    if share.channel is Channel.PROD:
        query = (
            query.join(Publication, Publication.video_id == Video.id)
            .where(Video.is_draft.is_(False))
            .order_by(Publication.created_at.desc())
        )
    return session.execute(query.order_by(Video.id.desc()).limit(1)).one_or_none()
