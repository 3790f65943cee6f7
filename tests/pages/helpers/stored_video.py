"""A video that plays, with its files in the storage as a worker would have stored them."""

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from playout.core.media.model import Asset, AssetState
from playout.core.principal import WORKER
from playout.core.unit import Origin
from playout.core.videos.model import Video
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
