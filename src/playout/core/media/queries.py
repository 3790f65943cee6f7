"""Every query about assets and renditions."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from playout.core.media.model import Asset, Caption, Rendition, Stage
from playout.core.unit import ReadUnit, WriteUnit


def for_update(unit: WriteUnit, asset_id: UUID) -> Asset | None:
    """The asset, locked; for workers, who act for every organization."""
    return unit.session.scalar(select(Asset).where(Asset.id == asset_id).with_for_update())


def by_ids(unit: ReadUnit, ids: set[UUID]) -> dict[UUID | None, Asset]:
    """Assets of videos that the caller has been shown already."""
    rows = unit.session.scalars(select(Asset).where(Asset.id.in_(ids))) if ids else ()
    return {asset.id: asset for asset in rows}


def note_progress(
    unit: WriteUnit, asset_id: UUID, claim: UUID, stage: Stage, progress: int
) -> bool:
    """Write progress down; False when the claim is no longer held."""
    result = unit.session.connection().execute(
        update(Asset)
        .where(Asset.id == asset_id, Asset.claim == claim)
        .values(stage=stage, progress=progress)
    )
    return result.rowcount == 1


def note_ladder(unit: WriteUnit, asset_id: UUID, claim: UUID, progress: int) -> bool:
    """Write the progress of a ladder down; False when the claim is no longer held."""
    result = unit.session.connection().execute(
        update(Asset)
        .where(Asset.id == asset_id, Asset.ladder_claim == claim)
        .values(ladder_progress=progress)
    )
    return result.rowcount == 1


def renditions(unit: ReadUnit, asset_ids: Collection[UUID]) -> list[Rendition]:
    """Renditions of assets of videos that the caller has been shown already, in their order."""
    query = select(Rendition).where(Rendition.asset_id.in_(asset_ids)).order_by(Rendition.id)
    return list(unit.session.scalars(query)) if asset_ids else []


def package(session: Session, folder: str) -> list[Rendition]:
    """All renditions of the asset that has some in that folder.

    For who serves files, and has found out already whether the video's may go out.
    """
    assets = select(Rendition.asset_id).where(Rendition.folder == folder)
    query = select(Rendition).where(Rendition.asset_id.in_(assets)).order_by(Rendition.id)
    return list(session.scalars(query))


def segments(session: Session, folder: str, name: str) -> Rendition | None:
    """A rendition with its segments, for who serves files."""
    query = select(Rendition).where(Rendition.folder == folder, Rendition.name == name)
    return session.scalar(
        query.options(undefer(Rendition.segment_ticks), undefer(Rendition.segment_sizes))
    )


def of_asset(session: Session, asset_id: UUID) -> list[Rendition]:
    """What there is of an asset; for workers, who act for every organization."""
    query = select(Rendition).where(Rendition.asset_id == asset_id).order_by(Rendition.id)
    return list(session.scalars(query))


def captions(session: Session, video_id: int) -> list[Caption]:
    """Those of a video that the caller has been shown already, by language."""
    query = select(Caption).where(Caption.video_id == video_id).order_by(Caption.language)
    return list(session.scalars(query))


def caption_in(session: Session, video_id: int, language: str) -> Caption | None:
    """Those of a video that the caller has been shown already, in that language."""
    query = select(Caption).where(Caption.video_id == video_id, Caption.language == language)
    return session.scalar(query)
