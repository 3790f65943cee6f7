"""The JSON of distributions."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.productions.schemas.resources import REF_EXAMPLE, ItemPatch, ResourcePatch
from playout.api.productions.schemas.types import SchemaOf, Settings, time_out
from playout.api.types import DateTimeOut, Title, UriOut, example
from playout.core.distributions.delivery import Delivery, delivery, production_media
from playout.core.distributions.model import Distribution, DistributionStatus
from playout.core.distributions.settings import Format, Quality
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


class DistributionSettings(TypedDict, total=False):
    """Settings that choose how a production is packaged. Other members are kept."""

    format: Format | None
    quality: Quality | None


class DistributionPatch(ResourcePatch):
    """A change of a distribution. Fields left out stay unchanged. Settings are merged."""

    model_config = example(settings={"quality": "720p"})

    settings: Annotated[Settings, SchemaOf(DistributionSettings)] = Field(default_factory=dict)


class DistributionIn(DistributionPatch):
    """A distribution to create."""

    model_config = example(
        name="Web Distribution", settings={"format": "HLS", "quality": "adaptive"}
    )

    name: Title


class DistributionItemPatch(DistributionPatch, ItemPatch):
    """A change of one distribution in a batch."""

    model_config = example(**REF_EXAMPLE, settings={"quality": "720p"})


class DistributionOut(TypedDict):
    """A distribution of a production. `progress` is in percent."""

    id: str
    production: str
    name: str
    status: DistributionStatus
    progress: int
    failure_reason: str | None
    playback_url: UriOut | None
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


def distributions_out(
    unit: ReadUnit, production: Video, distributions: Sequence[Distribution], playback: Playback
) -> list[DistributionOut]:
    """Return the JSON of distributions of a production, whose media are loaded once."""
    media = production_media(unit, production)
    return [
        _distribution_out(each, delivery(unit, each, media, playback)) for each in distributions
    ]


def _distribution_out(distribution: Distribution, delivered: Delivery) -> DistributionOut:
    return {
        "id": str(distribution.id),
        "production": str(distribution.video_id),
        "name": distribution.name,
        "status": delivered.packaging.status,
        "progress": delivered.packaging.progress,
        "failure_reason": delivered.packaging.reason,
        "playback_url": delivered.playback_url,
        "settings": distribution.settings,
        "created_at": time_out(distribution.created_at),
        "updated_at": time_out(distribution.updated_at),
    }
