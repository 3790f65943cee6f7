"""What an upload to a failing storage is told, and what is in the storage then."""

import base64
import hashlib
from uuid import UUID

import httpx2
from sqlalchemy import select

from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.runtime import Runtime
from tests.helpers.storage_suites import read

TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


def asset_of(runtime: Runtime, video: dict[str, object]) -> Asset:
    """What is being made, or was made, of a video."""
    with runtime.database.read_session() as session:
        row = session.scalars(select(Video).where(Video.uid == UUID(str(video["uid"])))).one()
        asset = session.get(Asset, row.pending_asset_id or row.asset_id)
        assert asset is not None
        return asset


def stored(runtime: Runtime, asset: Asset) -> str:
    """The SHA-256 of the source as it lies in the storage."""
    content = read(runtime.storage, asset.source_key or "", 0, asset.source_size or 0)
    return hashlib.sha256(content).hexdigest()


def check_unavailable(answer: httpx2.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"


def metadata(video: dict[str, object]) -> str:
    """`Upload-Metadata` that names the video."""
    return f"video {base64.b64encode(str(video['id']).encode()).decode()}"


def send(client: httpx2.Client, address: str, offset: int, content: bytes) -> httpx2.Response:
    return client.patch(address, content=content, headers=TUS | {"Upload-Offset": str(offset)})
