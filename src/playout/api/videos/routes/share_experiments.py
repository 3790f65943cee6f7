"""Routes of the experiments on the page of a share."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.analytics import AnalyticsOut, SpanQuery
from playout.api.videos.schemas.analytics_rows import ROWS, FormQuery, analytics_answer
from playout.api.videos.schemas.experiments import (
    DecisionIn,
    ExperimentOut,
    Key,
    LookOut,
    ResultOut,
    ShareExperimentIn,
    experiment_out,
    look_out,
    result_out,
)
from playout.core.analytics.service import report
from playout.core.experiments import shares
from playout.core.experiments.service import result
from playout.core.projects.channel import Channel
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/workspaces/{workspace_id}/shares/{channel}",
    route_class=StrictRoute,
    tags=["experiments"],
)


@router.get("/experiments/")
@endpoint
def list_share_experiments(
    workspace_id: Id, channel: Channel, unit: ReadUnit, page: Page
) -> Answer[ListOf[ExperimentOut]]:
    """List the experiments on the page of a share, newest first."""
    found, count = shares.page(unit, workspace_id, channel, page.offset, page.size)
    return page.answer([experiment_out(each) for each in found], count)


@router.post("/experiments/", status_code=201, openapi_extra=ETAG)
@endpoint
def create_share_experiment(
    workspace_id: Id, channel: Channel, body: ShareExperimentIn, unit: WriteUnit
) -> Answer[ExperimentOut]:
    """Begin an experiment on the page of a share. One at a time may run."""
    made = shares.create(
        unit,
        workspace_id,
        channel,
        name=body.name,
        goal=body.goal,
        variants=[each.variant() for each in body.variants],
    )
    return Answer(experiment_out(made), etag=made.etag)


@router.get("/experiments/{experiment_id}/", openapi_extra=ETAG)
@endpoint
def retrieve_share_experiment(
    workspace_id: Id, channel: Channel, experiment_id: Id, unit: ReadUnit
) -> Answer[ExperimentOut]:
    """Return one experiment."""
    found = shares.get(unit, workspace_id, channel, experiment_id)
    return Answer(experiment_out(found), etag=found.etag)


@router.delete("/experiments/{experiment_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def stop_share_experiment(
    workspace_id: Id, channel: Channel, experiment_id: Id, unit: WriteUnit
) -> Answer[None]:
    """Stop an experiment without a winner. It stays in the list."""
    shares.stop(unit, workspace_id, channel, experiment_id)
    return Answer(None)


@router.post("/experiments/{experiment_id}/decide/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def decide_share_experiment(
    workspace_id: Id, channel: Channel, experiment_id: Id, body: DecisionIn, unit: WriteUnit
) -> Answer[ExperimentOut]:
    """End an experiment, and keep the values of the winner for the share."""
    found = shares.decide(unit, workspace_id, channel, experiment_id, body.winner)
    return Answer(experiment_out(found), etag=found.etag)


@router.get("/experiments/{experiment_id}/result/")
@endpoint
def result_of_share_experiment(
    workspace_id: Id, channel: Channel, experiment_id: Id, unit: ReadUnit
) -> Answer[ResultOut]:
    """Return what came of an experiment so far. Its intervals hold whenever you look."""
    found = shares.get(unit, workspace_id, channel, experiment_id)
    return Answer(result_out(result(unit, found)))


@router.get("/experiments/{experiment_id}/variants/{key}/analytics/", responses=ROWS)
@endpoint
def analytics_of_share_variant(  # noqa: PLR0917  FastAPI passes arguments by their names
    workspace_id: Id,
    channel: Channel,
    experiment_id: Id,
    key: Key,
    span: SpanQuery,
    form: FormQuery,
    unit: ReadUnit,
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a variant did."""
    subject = shares.subject_of(unit, workspace_id, channel, experiment_id, key)
    return analytics_answer(report(unit, subject, span), form)


@router.get("/look/")
@endpoint
def retrieve_share_look(workspace_id: Id, channel: Channel, unit: ReadUnit) -> Answer[LookOut]:
    """Return what the page of a share keeps of winners, besides what its share says."""
    return Answer(look_out(shares.page_look(unit, workspace_id, channel)))


@router.delete("/look/", status_code=204)
@endpoint
def clear_share_look(workspace_id: Id, channel: Channel, unit: WriteUnit) -> Answer[None]:
    """Take away what the page keeps of winners. The title and the button of the share stay."""
    shares.clear_page_look(unit, workspace_id, channel)
    return Answer(None)
