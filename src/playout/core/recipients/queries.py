"""Every query about recipients.

Those that take a unit also take a share that the caller may see. Those that take a session serve
the public, which knows a code, or jobs.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Row,
    Table,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session

from playout.core.accounts.model import RenderCredential
from playout.core.film_templates.model import FilmTemplate, FilmTemplateChannel
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.recipients.model import Recipient, RecipientImport, RecipientState
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.database.statements import copy_rows

COLUMNS = (
    *("id", "project_id", "channel", "import_id", "code", "secret", "created_at"),
    *("expires_at", "views"),
)
_TABLE = cast("Table", Recipient.__table__)
SEEN = (
    _TABLE.update()
    .where(_TABLE.c.id == bindparam("seen_id"))
    .values(
        views=_TABLE.c.views + bindparam("more_views"),
        opened_at=func.coalesce(_TABLE.c.opened_at, bindparam("opened", type_=DateTime(True))),
        watched_at=func.coalesce(_TABLE.c.watched_at, bindparam("watched", type_=DateTime(True))),
    )
)
stated = case(
    (Recipient.revoked_at.is_not(None), literal_column("'revoked'")),
    (Recipient.watched_at.is_not(None), literal_column("'watched'")),
    (Recipient.opened_at.is_not(None), literal_column("'opened'")),
    else_=literal_column("'invited'"),
)
"""The state as `Recipient.state` says it."""
COPY = f"COPY recipients ({', '.join(COLUMNS)}) FROM STDIN"


def template_of(unit: ReadUnit, share: Share) -> FilmTemplate | None:
    """Return the template that the channel of a share holds."""
    query = (
        select(FilmTemplate)
        .join(FilmTemplateChannel, FilmTemplateChannel.template_id == FilmTemplate.id)
        .where(
            FilmTemplateChannel.project_id == share.project_id,
            FilmTemplateChannel.channel == share.channel,
        )
    )
    return unit.session.scalar(query)


def holds(unit: ReadUnit, share: tuple[int, Channel], template_id: UUID) -> bool:
    """Return whether the channel of a share holds a template."""
    own = (
        FilmTemplateChannel.project_id == share[0],
        FilmTemplateChannel.channel == share[1],
        FilmTemplateChannel.template_id == template_id,
    )
    return bool(unit.session.scalar(select(exists().where(*own))))


def insert(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write recipients, with values for each of `COLUMNS`."""
    copy_rows(session, COPY, rows)


def import_for_update(unit: WriteUnit, import_id: UUID) -> RecipientImport | None:
    """Return an import, locked. The caller has begun it."""
    query = select(RecipientImport).where(RecipientImport.id == import_id)
    return unit.session.scalar(query.with_for_update())


def import_of_key(unit: ReadUnit, share: Share, resume_key: bytes) -> RecipientImport | None:
    """Return the import that was begun with a key."""
    own = *_imports_of(share), RecipientImport.resume_key == resume_key
    return unit.session.scalar(select(RecipientImport).where(*own))


def import_of(unit: ReadUnit, share: Share, import_id: UUID) -> RecipientImport | None:
    own = *_imports_of(share), RecipientImport.id == import_id
    return unit.session.scalar(select(RecipientImport).where(*own))


def imports(unit: ReadUnit, share: Share, limit: int) -> list[RecipientImport]:
    """Return the imports of a share, newest first."""
    query = select(RecipientImport).where(*_imports_of(share))
    return list(unit.session.scalars(query.order_by(RecipientImport.id.desc()).limit(limit)))


def page(
    unit: ReadUnit,
    share: Share,
    after: UUID | None,
    limit: int,
    import_id: UUID | None = None,
    *,
    state: RecipientState | None = None,
) -> list[Recipient]:
    """Return recipients in the order of their rows, after one of them."""
    query = select(Recipient).where(*_of(share))
    if state is not None:
        query = query.where(stated == state)
    if after is not None:
        query = query.where(Recipient.id > after)
    if import_id is not None:
        query = query.where(Recipient.import_id == import_id)
    return list(unit.session.scalars(query.order_by(Recipient.id).limit(limit)))


def counts(unit: ReadUnit, share: Share, import_id: UUID | None) -> dict[str, int]:
    """Return how many recipients of a share, or of one import, are in each state."""
    own = [*_of(share), *([] if import_id is None else [Recipient.import_id == import_id])]
    rows = unit.session.execute(select(stated, func.count()).where(*own).group_by(stated))
    return {str(row[0]): row[1] for row in rows}


def of_code(unit: ReadUnit, share: Share, code: str) -> Recipient | None:
    return unit.session.scalar(select(Recipient).where(*_of(share), Recipient.code == code))


def by_id(unit: ReadUnit, share: Share, recipient_id: UUID) -> Recipient | None:
    own = *_of(share), Recipient.id == recipient_id
    return unit.session.scalar(select(Recipient).where(*own))


def for_update(unit: WriteUnit, share: Share, recipient_id: UUID) -> Recipient | None:
    own = *_of(share), Recipient.id == recipient_id
    return unit.session.scalar(select(Recipient).where(*own).with_for_update(of=Recipient))


def recipients_after(unit: WriteUnit, after: UUID | None, limit: int) -> list[Recipient]:
    """Return the next recipients of all shares after an id, locked."""
    query = select(Recipient).order_by(Recipient.id).limit(limit).with_for_update(of=Recipient)
    return list(unit.session.scalars(query if after is None else query.where(Recipient.id > after)))


def delete_some(unit: WriteUnit, share: Share, limit: int) -> list[str]:
    """Delete some recipients of a share; return their codes."""
    some = select(Recipient.id).where(*_of(share)).order_by(Recipient.id).limit(limit)
    gone = delete(Recipient).where(Recipient.id.in_(some)).returning(Recipient.code)
    return list(unit.session.scalars(gone))


def end_imports(unit: WriteUnit, share: Share) -> None:
    """End the imports of a share that are not completed: no more rows are taken."""
    going_on = *_imports_of(share), RecipientImport.completed_at.is_(None)
    unit.session.execute(update(RecipientImport).where(*going_on).values(completed_at=unit.now))


def delete_expired(session: Session, now: datetime, limit: int) -> list[str]:
    """Delete some recipients who have expired; return their codes."""
    due = select(Recipient.id).where(Recipient.expires_at <= now).order_by(Recipient.id)
    due = due.limit(limit).with_for_update(skip_locked=True)
    gone = delete(Recipient).where(Recipient.id.in_(due)).returning(Recipient.code)
    return list(session.scalars(gone))


def delete_old_imports(session: Session, before: datetime) -> None:
    """Delete the imports of which no recipient is left."""
    left = exists().where(Recipient.import_id == RecipientImport.id)
    old = RecipientImport.created_at < before, ~left
    session.execute(delete(RecipientImport).where(*old))


def by_code(
    session: Session, code: str
) -> Row[Recipient, Share, Project, RenderCredential | None] | None:
    """Return the recipient with that code, with what decides whether the share serves."""
    return session.execute(
        select(Recipient, Share, Project, RenderCredential)
        .join(
            Share, (Share.project_id == Recipient.project_id) & (Share.channel == Recipient.channel)
        )
        .join(Project, Project.id == Share.project_id)
        .outerjoin(RenderCredential, RenderCredential.id == Share.credential_id)
        .where(Recipient.code == code)
    ).one_or_none()


def note_seen(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what recipients did.

    A row has `seen_id`, `more_views`, and the times `opened` and `watched`, or None.
    """
    ids = [row["seen_id"] for row in rows]
    # Locked in one order, so that no two processes wait for each other.
    locked = select(Recipient.id).where(Recipient.id.in_(ids)).order_by(Recipient.id)
    session.execute(locked.with_for_update())
    session.connection().execute(SEEN, rows)


def _of(share: Share) -> Iterator[ColumnElement[bool]]:
    yield Recipient.project_id == share.project_id
    yield Recipient.channel == share.channel


def _imports_of(share: Share) -> Iterator[ColumnElement[bool]]:
    yield RecipientImport.project_id == share.project_id
    yield RecipientImport.channel == share.channel
