"""Every query about shares and render credentials.

Those that take a unit also take a project that the caller may see. Those that take a session serve
the public, which knows a slug.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from playout.core.accounts.model import RenderCredential
from playout.core.ledger.model import Entry, Subject
from playout.core.media.model import Asset
from playout.core.projects import queries as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.publications.model import Publication
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos.model import Video, Visibility


def of_project(unit: ReadUnit, project: Project) -> list[Share]:
    """Return the shares of a project, in the order of the channels."""
    rows = unit.session.scalars(select(Share).where(Share.project_id == project.id))
    return sorted(rows, key=lambda share: list(Channel).index(share.channel))


def share(unit: ReadUnit, project: Project, channel: Channel) -> Share | None:
    return unit.session.get(Share, (project.id, channel))


def title(session: Session, slug: str) -> str | None:
    """Return the public title of the share with that slug."""
    return session.scalar(select(Share.public_title).where(Share.slug == slug))


def history(unit: ReadUnit, subject: Subject, limit: int) -> list[Entry]:
    """Return what happened to a share, newest first."""
    own = (
        Entry.organization_id == subject.organization_id,
        Entry.subject_type == subject.type,
        Entry.subject_id == subject.id,
    )
    query = select(Entry).where(*own).order_by(Entry.id.desc()).limit(limit)
    return list(unit.session.scalars(query))


def video_of(unit: ReadUnit, project: Project, uid: UUID) -> Video | None:
    """Return the video if it is one of that project, and the organization's own."""
    own = Video.uid == uid, *_own_videos(project.id)
    return unit.session.scalar(select(Video).where(*own))


def credentials(unit: ReadUnit, project: Project) -> list[RenderCredential]:
    """Return the credentials of a project, newest first, including revoked ones."""
    query = select(RenderCredential).where(RenderCredential.project_id == project.id)
    return list(unit.session.scalars(query.order_by(RenderCredential.id.desc())))


def credential(unit: ReadUnit, project: Project, uid: UUID) -> RenderCredential | None:
    """Return the credential if it is one of that project."""
    own = RenderCredential.id == uid, RenderCredential.project_id == project.id
    return unit.session.scalar(select(RenderCredential).where(*own))


def credential_for_update(unit: WriteUnit, uid: UUID) -> RenderCredential | None:
    """Return a credential of any project that the caller may see, locked."""
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
    """Return the share at that address, with what decides whether it serves."""
    return session.execute(
        select(Share, Project, RenderCredential)
        .join(Project, Project.id == Share.project_id)
        .outerjoin(RenderCredential, RenderCredential.id == Share.credential_id)
        .where(Share.slug == slug)
    ).one_or_none()


def current_video(session: Session, share: Share) -> Row[Video, Asset | None] | None:
    """Return the video that a share plays now, with its asset unless it is on another site."""
    query = select(Video, Asset).outerjoin(Asset, Asset.id == Video.asset_id)
    query = query.where(*_shown_by(share))
    if share.channel is Channel.PROD:
        query = query.join(Publication, Publication.video_id == Video.id)
        query = query.order_by(Publication.created_at.desc())
    return session.execute(query.order_by(Video.id.desc()).limit(1)).one_or_none()


def _shown_by(share: Share) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for the videos that a share may show; it plays the newest of them."""
    yield from _own_videos(share.project_id)
    yield or_(Video.asset_id.is_not(None), Video.external_url.is_not(None))
    if share.channel is Channel.PROD:
        yield Video.is_draft.is_(False)
    if share.video_uid is not None:
        yield Video.uid == share.video_uid
    elif share.channel is Channel.PROD:
        yield Video.visibility == Visibility.PUBLIC


def _own_videos(project_id: int) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for the videos of a project, without those of sub-accounts.

    A customer must not decide what the organization shows under its own name.
    """
    yield Video.project_id == project_id
    yield Video.sub_account_id.is_(None)
    yield Video.deleted_at.is_(None)
