"""Every query about assets, renditions, captions and replaced versions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from playout.core.media.captions import Caption
from playout.core.media.model import Asset, Rendition, Stage, version_in
from playout.core.media.replaced_versions import ReplacedVersion
from playout.core.unit import ReadUnit, WriteUnit

_SEGMENTS = (
    Rendition.segment_ticks,
    Rendition.segment_sizes,
    Rendition.segment_padding,
    Rendition.key_sizes,
)


def for_update(unit: WriteUnit, asset_id: UUID) -> Asset | None:
    """Return the asset, locked. For workers, who act for every organization."""
    return unit.session.scalar(select(Asset).where(Asset.id == asset_id).with_for_update())


def by_ids(unit: ReadUnit, ids: set[UUID]) -> dict[UUID | None, Asset]:
    """Return assets by their id. The caller has checked that their videos may be seen."""
    rows = unit.session.scalars(select(Asset).where(Asset.id.in_(ids))) if ids else ()
    return {asset.id: asset for asset in rows}


def kept_probe(session: Session, asset_id: UUID) -> dict[str, Any] | None:
    """Return the facts of the source of an asset, as its row keeps them. For workers."""
    return session.scalar(select(Asset.probe).where(Asset.id == asset_id))


def note_progress(
    unit: WriteUnit, asset_id: UUID, claim: UUID, stage: Stage, progress: int
) -> bool:
    """Write down stage and progress; return False if the claim is no longer held."""
    result = unit.session.connection().execute(
        update(Asset)
        .where(Asset.id == asset_id, Asset.claim == claim)
        .values(stage=stage, progress=progress)
    )
    return result.rowcount == 1


def note_ladder_progress(unit: WriteUnit, asset_id: UUID, claim: UUID, progress: int) -> bool:
    """Write down the progress of a ladder; return False if the claim is no longer held."""
    result = unit.session.connection().execute(
        update(Asset)
        .where(Asset.id == asset_id, Asset.ladder_claim == claim)
        .values(ladder_progress=progress)
    )
    return result.rowcount == 1


def renditions(unit: ReadUnit, asset_ids: Collection[UUID]) -> list[Rendition]:
    """Return the renditions of assets, oldest first.

    The caller has checked that the videos of the assets may be seen.
    """
    query = select(Rendition).where(Rendition.asset_id.in_(asset_ids)).order_by(Rendition.id)
    return list(unit.session.scalars(query)) if asset_ids else []


def asset_renditions(session: Session, asset_id: UUID) -> list[Rendition]:
    """Return the renditions of an asset, oldest first. For workers."""
    query = select(Rendition).where(Rendition.asset_id == asset_id).order_by(Rendition.id)
    return list(session.scalars(query))


def renditions_with_segments(session: Session, asset_id: UUID) -> list[Rendition]:
    """Return the renditions of an asset, oldest first, with their segments loaded. For workers."""
    query = select(Rendition).where(Rendition.asset_id == asset_id).order_by(Rendition.id)
    return list(session.scalars(query.options(*(undefer(each) for each in _SEGMENTS))))


def package_renditions(session: Session, folder: str) -> list[Rendition]:
    """Return all renditions, oldest first, of the asset that has one in the folder.

    The caller has checked that the request may have the files of the video.
    """
    assets = select(Rendition.asset_id).where(Rendition.folder == folder)
    query = select(Rendition).where(Rendition.asset_id.in_(assets)).order_by(Rendition.id)
    return list(session.scalars(query))


def rendition_with_segments(session: Session, folder: str, name: str) -> Rendition | None:
    """Return a rendition with its segments loaded.

    The caller has checked that the request may have the files of the video.
    """
    query = select(Rendition).where(Rendition.folder == folder, Rendition.name == name)
    return session.scalar(query.options(*(undefer(each) for each in _SEGMENTS)))


def versions(unit: ReadUnit, asset_id: UUID) -> set[UUID]:
    """Return the versions of all files of an asset. For an asset whose video is locked."""
    asset = unit.session.get_one(Asset, asset_id)
    query = select(Rendition.folder).where(Rendition.asset_id == asset_id).distinct()
    of_renditions = [UUID(version_in(each)) for each in unit.session.scalars(query)]
    named = (asset.version, asset.mp4_version, asset.pictures_version)
    return {*of_renditions, *(each for each in named if each is not None)}


def captions(session: Session, video_id: int) -> list[Caption]:
    """Return the captions of a video, by language.

    The caller has checked that the video may be seen.
    """
    query = select(Caption).where(Caption.video_id == video_id).order_by(Caption.language)
    return list(session.scalars(query))


def captions_of(session: Session, video_ids: Collection[int]) -> dict[int, list[Caption]]:
    """Return the captions of videos that may be seen, by the ids of the videos and by language."""
    query = select(Caption).where(Caption.video_id.in_(video_ids)).order_by(Caption.language)
    found: dict[int, list[Caption]] = {each: [] for each in video_ids}
    for caption in session.scalars(query) if video_ids else ():
        found[caption.video_id].append(caption)
    return found


def caption_in(session: Session, video_id: int, language: str) -> Caption | None:
    """Return the captions of a video in that language.

    The caller has checked that the video may be seen.
    """
    query = select(Caption).where(Caption.video_id == video_id, Caption.language == language)
    return session.scalar(query)


def end_replaced(unit: WriteUnit, video_id: int, part: str) -> None:
    """Delete the replaced versions of a part of a locked video."""
    unit.session.execute(
        delete(ReplacedVersion).where(
            ReplacedVersion.video_id == video_id, ReplacedVersion.part == part
        )
    )


def ended_renditions(session: Session, now: datetime, limit: int) -> list[Rendition]:
    """Return, locked, superseded renditions that no player may have any more."""
    query = select(Rendition).where(Rendition.superseded_until <= now).limit(limit)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def is_file_used(session: Session, rendition: Rendition) -> bool:
    """Return whether the file of a rendition is also another rendition's, or the MP4 of its asset.

    The first MP4 counts until there is a better one.
    """
    if not rendition.mp4:
        return False
    asset = session.get_one(Asset, rendition.asset_id)
    return str(asset.mp4_version or asset.version) == rendition.version


def delete_ended_replaced(session: Session, now: datetime) -> None:
    """Delete the replaced versions that have ended."""
    session.execute(delete(ReplacedVersion).where(ReplacedVersion.until <= now))
