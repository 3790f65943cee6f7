"""What the Productions API takes."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from playout.api.productions.settings import ActivationSettings, DistributionSettings, Told
from playout.api.types import Title, example
from playout.core.batch import Change
from playout.kit.ids import serial

PRODUCTION = {"name": "My New Production", "settings": {"key": "value"}}
DISTRIBUTION = {
    "name": "Web Distribution",
    "settings": {"format": "HLS", "quality": "adaptive"},
}
ACTIVATION = {
    "name": "Holiday Campaign",
    "settings": {
        "startDate": "2024-12-01",
        "endDate": "2024-12-31",
        "targeting": {"regions": ["NA", "EU"], "platforms": ["web", "mobile"]},
    },
}
NAMED = {"id": "123"}


def _number(value: object) -> object:
    """An id is a text of digits; the number itself is taken too."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("id", "It must be an id, which is a text.")
    return serial(value)


def _known(number: int) -> int:
    if number == 0:
        raise PydanticCustomError("id", 'It must be the id of a property, like "123".')
    return number


DIGITS = {
    "anyOf": [
        {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"},
        {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
    ]
}
Id = Annotated[int, BeforeValidator(_number), WithJsonSchema(DIGITS)]
"""As the number that it stands for; 0, which nothing has, for a text that is no id."""
PropertyId = Annotated[Id, AfterValidator(_known), WithJsonSchema(DIGITS)]
DistributionTold = Annotated[dict[str, Any], Told(DistributionSettings)]
ActivationTold = Annotated[dict[str, Any], Told(ActivationSettings)]


class PartPatch(BaseModel):
    """What is to become of something that has a name and settings.

    What is left out stays, settings are merged (RFC 7396), unknown fields are ignored.
    """

    name: Title = Field(default_factory=str)
    settings: dict[str, Any] = Field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class PartChange(PartPatch):
    """What is to become of the one with that id."""

    id: Id

    def to_change(self) -> Change:
        return Change(self.id, self.model_dump(exclude_unset=True, exclude={"id"}))


class DistributionPatch(PartPatch):
    """What is to become of a distribution; what is left out stays, settings are merged."""

    model_config = example(settings={"quality": "720p"})

    settings: DistributionTold = Field(default_factory=dict)


class DistributionIn(DistributionPatch):
    """A distribution to be made."""

    model_config = example(**DISTRIBUTION)

    name: Title


class DistributionChange(DistributionPatch, PartChange):
    """What is to become of the distribution with that id."""

    model_config = example(**NAMED, settings={"quality": "720p"})


class ActivationPatch(PartPatch):
    """What is to become of an activation; what is left out stays, settings are merged."""

    model_config = example(settings={"endDate": "2025-01-06"})

    settings: ActivationTold = Field(default_factory=dict)


class ActivationIn(ActivationPatch):
    """An activation to be made."""

    model_config = example(**ACTIVATION)

    name: Title


class ActivationChange(ActivationPatch, PartChange):
    """What is to become of the activation with that id."""

    model_config = example(**NAMED, settings={"endDate": "2025-01-06"})


class ProductionPatch(PartPatch):
    """What is to become of a production. `property` names the project that it belongs to."""

    model_config = example(name="Updated Production Name", settings={"key": "new value"})

    property: PropertyId = Field(default_factory=int)


class ProductionIn(ProductionPatch):
    """What a production is made with; without `property` it goes to the key's default."""

    model_config = example(**PRODUCTION)

    name: Title


class ProductionChange(PartChange, ProductionPatch):
    """What is to become of the production with that id."""

    model_config = example(**NAMED, name="Updated Production Name")


class Ref(BaseModel):
    """One of several, by its id."""

    model_config = example(**NAMED)

    id: Id
