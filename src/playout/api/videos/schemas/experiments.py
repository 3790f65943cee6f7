"""The JSON of experiments."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, StringConstraints
from typing_extensions import TypedDict

from playout.api.types import NFC, NOT_A_BOOL, NOT_BLANK, DateTimeOut, Title, Url, example
from playout.api.videos.schemas.brands import Color
from playout.api.videos.schemas.types import LEFT_OUT, document_only, optional_time_out, time_out
from playout.core.experiments.model import (
    CTA_LABEL_LENGTH,
    LATEST_START,
    MOST_VARIANTS,
    MOST_WEIGHT,
    NAME_LENGTH,
    Autoplay,
    Experiment,
    Goal,
    Look,
    PageKind,
    State,
    Variant,
)
from playout.core.experiments.service import Result
from playout.core.experiments.statistics import Difference

Key = Annotated[str, Field(pattern="^[a-z0-9_-]{1,32}$", description="Name of the variant")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    NOT_BLANK,
    NFC,
]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=CTA_LABEL_LENGTH),
    NOT_BLANK,
    NFC,
]


PageOfVideo = Literal["watch", "links"]


class VariantIn(BaseModel):
    """A variant of a page. What is left out is as on the page now."""

    key: Key
    weight: Annotated[int, Field(ge=1, le=MOST_WEIGHT), NOT_A_BOOL] = 1
    title: Title = LEFT_OUT
    poster_url: Url = LEFT_OUT
    cta_label: Label = LEFT_OUT
    cta_url: Url = LEFT_OUT
    cta_color: Color = LEFT_OUT
    autoplay: Autoplay = LEFT_OUT
    start_seconds: Annotated[int, Field(ge=0, le=LATEST_START), NOT_A_BOOL] = LEFT_OUT

    def variant(self) -> Variant:
        """Return the variant, with the fields that were sent."""
        look = self.model_dump(exclude_unset=True, exclude={"key", "weight"})
        if "cta_color" in look:
            look["cta_color"] = look["cta_color"].lower()
        return {"key": self.key, "weight": self.weight, "look": cast("Any", look)}


Variants = Annotated[list[VariantIn], Field(min_length=2, max_length=MOST_VARIANTS)]


class ExperimentIn(BaseModel):
    """An experiment to begin. Its first variant is the one that others are compared with.

    `page` is the watch page of the video, or the pages of all its guest links.
    """

    model_config = example(
        name="Shorter title",
        goal="play",
        variants=[{"key": "a"}, {"key": "b", "title": "Spring"}],
    )

    name: Name
    goal: Goal
    variants: Variants
    page: PageOfVideo = "watch"


class ShareExperimentIn(BaseModel):
    """An experiment to begin. Its first variant is the one that others are compared with."""

    model_config = example(
        name="Shorter title",
        goal="cta",
        variants=[{"key": "a"}, {"key": "b", "title": "Spring"}],
    )

    name: Name
    goal: Goal
    variants: Variants


class DecisionIn(BaseModel):
    """The variant that the page keeps."""

    model_config = example(winner="b")

    winner: Key


@document_only
class ExperimentOut(TypedDict):
    """An experiment, with its variants as they were sent."""

    id: int
    name: str
    page: PageKind
    goal: Goal
    state: State
    variants: list[dict[str, Any]]
    winner: str | None
    created_at: DateTimeOut
    created_by: str
    updated_at: DateTimeOut
    ended_at: DateTimeOut | None


@document_only
class LookOut(TypedDict, total=False):
    """The values of winners that a page keeps for itself. What is left out is as usual."""

    title: str
    poster_url: str
    cta_label: str
    cta_url: str
    cta_color: str
    autoplay: Autoplay
    start_seconds: int


@document_only
class DifferenceOut(TypedDict):
    """The rate of a variant minus that of the first one, with an interval that holds at all times.

    `p_value` may be looked at whenever you like; `p_value_once` only once, on a day chosen before.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    p_value_once: float


@document_only
class VariantResultOut(TypedDict):
    """The visitors of a variant, and those of them who did what was asked for.

    A visitor is one of a day. On the pages of guest links, each link is one visitor.
    """

    key: str
    visitors: int
    successes: int
    rate: float | None
    difference: DifferenceOut | None


@document_only
class ResultOut(TypedDict):
    """The result of an experiment so far.

    With `ratio_mismatch`, visitors were not divided as asked, and no difference means anything.
    """

    variants: list[VariantResultOut]
    ratio_p_value: float
    ratio_mismatch: bool


def experiment_out(experiment: Experiment) -> ExperimentOut:
    """Return the JSON of an experiment."""
    return {
        "id": experiment.id,
        "name": experiment.name,
        "page": experiment.kind,
        "goal": experiment.goal,
        "state": experiment.state,
        "variants": [
            {"key": each["key"], "weight": each["weight"], **each["look"]}
            for each in experiment.variants
        ],
        "winner": experiment.winner,
        "created_at": time_out(experiment.created_at),
        "created_by": experiment.created_by,
        "updated_at": time_out(experiment.updated_at),
        "ended_at": optional_time_out(experiment.ended_at),
    }


def look_out(look: Look) -> LookOut:
    """Return the JSON of the look that a page keeps."""
    return cast("LookOut", dict(look))


def result_out(result: Result) -> ResultOut:
    """Return the JSON of what came of an experiment."""
    return {
        "variants": [
            {
                "key": key,
                "visitors": counted.visitors,
                "successes": counted.successes,
                "rate": counted.rate,
                "difference": _difference_out(result.differences[key]),
            }
            for key, counted in result.counted.items()
        ],
        "ratio_p_value": result.ratio_p_value,
        "ratio_mismatch": result.is_mismatched,
    }


def _difference_out(found: Difference | None) -> DifferenceOut | None:
    if found is None:
        return None
    return {
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
        "p_value": found.p_value,
        "p_value_once": found.p_value_once,
    }
