"""A video that plays, with its files in the storage as a worker would have stored them."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import inspect, select

from playout.core.media.model import Asset, AssetState, Rendition
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.core.videos.model import Video
from playout.kit.database.engine import Model
from playout.runtime import Runtime
from playout.transcode.names import MP4, POSTER

BYTES = b"0123456789"


def store(runtime: Runtime, uid: UUID, file: Path) -> None:
    """Let the video with that uid play; `file` is the path of a temporary file."""
    file.write_bytes(BYTES)
    store_files(runtime, uid, {MP4: file, POSTER: file})


def store_files(
    runtime: Runtime, uid: UUID, files: Mapping[str, Path], size: tuple[int, int] = (1080, 1920)
) -> None:
    """Let the video with that uid play these files, by their names in the storage."""
    version = uuid4()
    for name, file in files.items():
        runtime.storage.put(f"media/{uid}/{version}/{name}", file)
    with runtime.work.write(WORKER, Origin("tests")) as unit:
        video = unit.session.scalars(select(Video).where(Video.uid == uid)).one()
        asset = Asset(
            id=uuid4(),
            organization_id=video.organization_id,
            version=version,
            state=AssetState.READY,
            width=size[0],
            height=size[1],
            mp4_size=files[MP4].stat().st_size,
            poster_size=files[POSTER].stat().st_size,
            created_at=unit.now,
        )
        unit.session.add(asset)
        unit.session.flush()
        video.promote(asset)
        unit.record("video.status_changed", video)


def store_copy(runtime: Runtime, uid: UUID, of: UUID) -> None:
    """Let the video with that uid play what another one plays, without any processing."""
    assert runtime.storage.folder is not None
    media = runtime.storage.folder / "media"
    shutil.copytree(media / str(of), media / str(uid))
    with runtime.work.write(WORKER, Origin("tests")) as unit:
        videos = {
            each.uid: each
            for each in unit.session.scalars(select(Video).where(Video.uid.in_((uid, of))))
        }
        asset = unit.session.get_one(Asset, videos[of].asset_id)
        query = select(Rendition).where(Rendition.asset_id == asset.id)
        renditions = unit.session.scalars(query).all()
        copied = Asset(**_columns(asset) | {"id": uuid4()})
        unit.session.add(copied)
        unit.session.flush()
        for each in renditions:
            folder = each.folder.replace(str(of), str(uid))
            columns = _columns(each) | {"asset_id": copied.id, "folder": folder}
            unit.session.add(Rendition(**{key: columns[key] for key in columns if key != "id"}))
        videos[uid].promote(copied)
        unit.record("video.status_changed", videos[uid])


def _columns(row: Model) -> dict[str, Any]:
    return {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
