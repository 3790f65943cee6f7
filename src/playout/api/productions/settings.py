"""What Playout understands of the settings of a distribution and of an activation.

For the document alone: core reads settings, which may hold whatever else the caller keeps there.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetJsonSchemaHandler, TypeAdapter, WithJsonSchema
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from playout.core.distributions.regions import CONTINENTS
from playout.core.distributions.settings import Format, Platform, Quality

REGION = f"A continent ({' '.join(sorted(CONTINENTS))}), or a country of ISO 3166 in capitals."
Region = Annotated[
    str, WithJsonSchema({"type": "string", "format": "region", "description": REGION})
]
Day = Annotated[
    str, WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]})
]


class DistributionSettings(TypedDict, total=False):
    """How a production is packaged; what else stands here is kept."""

    format: Format | None
    quality: Quality | None


class Targeting(TypedDict, total=False):
    """Where and on what a production is watched; all, where nothing is said."""

    regions: list[Region] | None
    platforms: list[Platform] | None


class ActivationSettings(TypedDict, total=False):
    """From when to when a production runs, and for whom; what else stands here is kept.

    A date alone begins at midnight and ends with that day, in UTC.
    """

    startDate: Day | None
    endDate: Day | None
    targeting: Targeting | None


@dataclass(frozen=True, slots=True)
class Told:
    """In the document, a field has the schema of this type."""

    kind: Any

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(TypeAdapter(self.kind).core_schema)
