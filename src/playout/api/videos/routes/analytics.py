"""Routes of what viewers did with videos, workspaces, landing pages, guest links and campaigns."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.schemas.analytics import AnalyticsOut, SpanQuery
from playout.api.videos.schemas.analytics_rows import ROWS, FormQuery, analytics_answer
from playout.core.analytics import service
from playout.core.analytics.subjects import (
    activation_subject,
    distribution_subject,
    link_subject,
    project_subject,
    share_subject,
    video_subject,
)
from playout.core.distributions import service as distributions
from playout.core.distributions.model import Activation, Distribution
from playout.core.links import service as links
from playout.core.projects.channel import Channel
from playout.core.shares import service as shares
from playout.core.unit import ReadUnit
from playout.core.videos import service as videos

router = APIRouter(route_class=StrictRoute, tags=["analytics"])


@router.get("/videos/{video_id}/analytics/", responses=ROWS)
@endpoint
def analytics_of_video(
    video_id: Id, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what viewers did with a video, wherever they saw it."""
    video = videos.get(unit, video_id)
    return analytics_answer(service.report(unit, video_subject(video.id), span), form)


@router.get("/videos/{video_id}/links/{link_id}/analytics/", responses=ROWS)
@endpoint
def analytics_of_link(
    video_id: Id, link_id: Id, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a guest link did."""
    link = links.get(unit, video_id, link_id)
    return analytics_answer(service.report(unit, link_subject(link.id), span), form)


@router.get("/videos/{video_id}/distributions/{distribution_id}/analytics/", responses=ROWS)
@endpoint
def analytics_of_distribution(
    video_id: Id, distribution_id: Id, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the viewers of a distribution did, as the requests of their players tell."""
    video = videos.get(unit, video_id)
    found = distributions.get(unit, Distribution, video, distribution_id)
    return analytics_answer(service.report(unit, distribution_subject(found.id), span), form)


@router.get("/videos/{video_id}/activations/{activation_id}/analytics/", responses=ROWS)
@endpoint
def analytics_of_activation(
    video_id: Id, activation_id: Id, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what those viewers of distributions did whom an activation admitted."""
    video = videos.get(unit, video_id)
    found = distributions.get(unit, Activation, video, activation_id)
    return analytics_answer(service.report(unit, activation_subject(found.id), span), form)


@router.get("/workspaces/{workspace_id}/analytics/", responses=ROWS)
@endpoint
def analytics_of_workspace(
    workspace_id: Id, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what viewers did with all videos of a workspace. It has no retention."""
    project = shares.project_of_shares(unit, workspace_id)
    return analytics_answer(service.report(unit, project_subject(project.id), span), form)


@router.get("/workspaces/{workspace_id}/shares/{channel}/analytics/", responses=ROWS)
@endpoint
def analytics_of_share(
    workspace_id: Id, channel: Channel, span: SpanQuery, form: FormQuery, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a landing page did, whichever videos it played."""
    share = shares.get(unit, workspace_id, channel)
    subject = share_subject(share.project_id, share.channel)
    return analytics_answer(service.report(unit, subject, span), form)
