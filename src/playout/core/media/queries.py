"""Every query about assets."""

from uuid import UUID

from sqlalchemy import select, update

from playout.core.media.model import Asset, Stage
from playout.core.unit import ReadUnit, WriteUnit


def for_update(unit: WriteUnit, asset_id: UUID) -> Asset | None:
    """The asset, locked; for workers, who act for every organisation."""
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
