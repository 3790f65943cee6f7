"""Routes of the experiments on the pages of a video: its watch page, and its guest links."""

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
    ExperimentIn,
    ExperimentOut,
    Key,
    LookOut,
    PageOfVideo,
    ResultOut,
    experiment_out,
    look_out,
    result_out,
)
from playout.core.analytics.service import report
from playout.core.experiments import service
from playout.core.experiments.model import PageKind
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(prefix="/videos/{video_id}", route_class=StrictRoute, tags=["experiments"])


@router.get("/experiments/")
@endpoint
def list_experiments(video_id: Id, unit: ReadUnit, page: Page) -> Answer[ListOf[ExperimentOut]]:
    """List the experiments of a video, newest first."""
    found, count = service.page(unit, video_id, page.offset, page.size)
    return page.answer([experiment_out(each) for each in found], count)


@router.post("/experiments/", status_code=201, openapi_extra=ETAG)
@endpoint
def create_experiment(video_id: Id, body: ExperimentIn, unit: WriteUnit) -> Answer[ExperimentOut]:
    """Begin an experiment on the watch page of a video, or on its guest links.

    One at a time may run on each of them.
    """
    variants = [each.variant() for each in body.variants]
    kind = PageKind(body.page)
    made = service.create(unit, video_id, body.name, body.goal, variants, kind=kind)
    return Answer(experiment_out(made), etag=made.etag)


@router.get("/experiments/{experiment_id}/", openapi_extra=ETAG)
@endpoint
def retrieve_experiment(video_id: Id, experiment_id: Id, unit: ReadUnit) -> Answer[ExperimentOut]:
    """Return one experiment."""
    found = service.get(unit, video_id, experiment_id)
    return Answer(experiment_out(found), etag=found.etag)


@router.delete("/experiments/{experiment_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def stop_experiment(video_id: Id, experiment_id: Id, unit: WriteUnit) -> Answer[None]:
    """Stop an experiment without a winner. It stays in the list."""
    service.stop(unit, video_id, experiment_id)
    return Answer(None)


@router.post("/experiments/{experiment_id}/decide/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def decide_experiment(
    video_id: Id, experiment_id: Id, body: DecisionIn, unit: WriteUnit
) -> Answer[ExperimentOut]:
    """End an experiment, and keep the values of the winner."""
    found = service.decide(unit, video_id, experiment_id, body.winner)
    return Answer(experiment_out(found), etag=found.etag)


@router.get("/experiments/{experiment_id}/result/")
@endpoint
def result_of_experiment(video_id: Id, experiment_id: Id, unit: ReadUnit) -> Answer[ResultOut]:
    """Return what came of an experiment so far. Its intervals hold whenever you look."""
    found = service.get(unit, video_id, experiment_id)
    return Answer(result_out(service.result(unit, found)))


@router.get("/experiments/{experiment_id}/variants/{key}/analytics/", responses=ROWS)
@endpoint
def analytics_of_variant(  # noqa: PLR0917  FastAPI passes arguments by their names
    video_id: Id, experiment_id: Id, key: Key, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a variant did."""
    subject = service.subject_of(unit, video_id, experiment_id, key)
    return analytics_answer(report(unit, subject, span), form)


@router.get("/looks/{page}/")
@endpoint
def retrieve_look(video_id: Id, page: PageOfVideo, unit: ReadUnit) -> Answer[LookOut]:
    """Return what the watch page, or the pages of guest links, keep of winners."""
    return Answer(look_out(service.page_look(unit, video_id, PageKind(page))))


@router.delete("/looks/{page}/", status_code=204)
@endpoint
def clear_look(video_id: Id, page: PageOfVideo, unit: WriteUnit) -> Answer[None]:
    """Take away what the page keeps of winners. The title of the video stays."""
    service.clear_page_look(unit, video_id, PageKind(page))
    return Answer(None)
