"""The JSON of renders."""

from typing import Any

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.shares.schemas.types import CamelIn, ChannelPath, time_out
from playout.api.types import DateTimeOut, UriOut, UuidOut, example
from playout.core.renders.model import Render


class RenderIn(CamelIn):
    """A film to create: the channel whose template it shows, and the data of its viewer."""

    model_config = example(channel="PROD", personalizationData={"name": "Ana"})

    channel: ChannelPath
    personalization_data: dict[str, Any] = Field(default_factory=dict, repr=False)


class RenderOut(TypedDict):
    """The film of one viewer. Nobody can guess its addresses."""

    id: UuidOut
    playbackUrl: UriOut
    posterUrl: UriOut
    expiresAt: DateTimeOut


def render_out(render: Render, base_url: str) -> RenderOut:
    """Return the JSON of a render."""
    film = f"{base_url}/films/{render.slug}"
    return {
        "id": str(render.id),
        "playbackUrl": f"{film}/{render.base_id}/master.m3u8",
        "posterUrl": f"{film}/poster.png",
        "expiresAt": time_out(render.expires_at),
    }
