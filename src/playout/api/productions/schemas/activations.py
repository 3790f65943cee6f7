"""The JSON of activations."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from playout.api.productions.schemas.resources import REF_EXAMPLE, ItemPatch, ResourcePatch
from playout.api.productions.schemas.types import SchemaOf, Settings, time_out
from playout.api.types import DateTimeOut, Title, example
from playout.core.distributions.model import Activation
from playout.core.distributions.preview import Preview
from playout.core.distributions.regions import ALPHA_2, CONTINENTS
from playout.core.distributions.schedule import ActivationStatus, parse_moment
from playout.core.distributions.settings import Platform

REGION_DESCRIPTION = (
    f"A continent ({' '.join(sorted(CONTINENTS))}), or a country of ISO 3166 in capitals."
)
Region = Annotated[
    str, WithJsonSchema({"type": "string", "format": "region", "description": REGION_DESCRIPTION})
]
Day = Annotated[
    str,
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": each} for each in ("date", "date-time")]}
    ),
]


class Targeting(TypedDict, total=False):
    """Regions and platforms on which a production plays. One that is left out means all."""

    regions: list[Region] | None
    platforms: list[Platform] | None


class ActivationSettings(TypedDict, total=False):
    """Settings that say when, where and on what a production plays. Other members are kept.

    A date without a time starts at midnight and ends at the end of that day, in UTC.
    """

    startDate: Day | None
    endDate: Day | None
    targeting: Targeting | None


class ActivationPatch(ResourcePatch):
    """A change of an activation. Fields left out stay unchanged. Settings are merged."""

    model_config = example(settings={"endDate": "2025-01-06"})

    settings: Annotated[Settings, SchemaOf(ActivationSettings)] = Field(default_factory=dict)


class ActivationIn(ActivationPatch):
    """An activation to create."""

    model_config = example(
        name="Holiday Campaign",
        settings={
            "startDate": "2024-12-01",
            "endDate": "2024-12-31",
            "targeting": {"regions": ["NA", "EU"], "platforms": ["web", "mobile"]},
        },
    )

    name: Title


class ActivationItemPatch(ActivationPatch, ItemPatch):
    """A change of one activation in a batch."""

    model_config = example(**REF_EXAMPLE, settings={"endDate": "2025-01-06"})


class ActivationOut(TypedDict):
    """A campaign of a production. Its status is that of the time of the request."""

    id: str
    production: str
    name: str
    status: ActivationStatus
    settings: Settings
    created_at: DateTimeOut
    updated_at: DateTimeOut


def _read_at(value: object) -> datetime:
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        raise PydanticCustomError(
            "at", "It must be a date or date-time of ISO 8601, like 2024-12-31T18:00:00Z."
        )
    return moment


def _read_country(value: object) -> str:
    if isinstance(value, str) and value.upper() in ALPHA_2:
        return value.upper()
    raise PydanticCustomError("country", "It must be a country of ISO 3166 in two letters.")


At = Annotated[
    datetime | None,
    BeforeValidator(_read_at),
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Query(description="The time to ask about; now when it is left out."),
]
Country = Annotated[
    str | None,
    BeforeValidator(_read_country),
    WithJsonSchema({"type": "string", "enum": sorted(ALPHA_2)}),
    Query(description="The country of the viewer (ISO 3166-1); not known when it is left out."),
]


class PreviewOut(TypedDict):
    """The answer for a viewer at a time, in a region, on a platform."""

    plays: bool
    """True if the production would play for the viewer through its distributions."""
    matches: bool
    """True if this activation admits the viewer."""
    admitted_by: str | None
    """The id of an activation that admits the viewer."""
    reasons: list[str]
    """A sentence for each rule that decides against the viewer."""
    at: DateTimeOut
    region: str | None
    platform: Platform


def preview_out(preview: Preview) -> PreviewOut:
    """Return the JSON of a preview."""
    admitted_by = preview.admitted_by
    return {
        "plays": preview.plays,
        "matches": preview.matches,
        "admitted_by": None if admitted_by is None else str(admitted_by),
        "reasons": preview.reasons,
        "at": time_out(preview.at),
        "region": preview.viewer.country,
        "platform": preview.viewer.platform,
    }


def activation_out(activation: Activation, now: datetime) -> ActivationOut:
    """Return the JSON of an activation, with its status at the time `now`."""
    return {
        "id": str(activation.id),
        "production": str(activation.video_id),
        "name": activation.name,
        "status": activation.status(now),
        "settings": activation.settings,
        "created_at": time_out(activation.created_at),
        "updated_at": time_out(activation.updated_at),
    }
