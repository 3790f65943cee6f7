"""Routes of what viewers did with videos, workspaces, landing pages and guest links."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.types import Id
from playout.api.videos.schemas.analytics import AnalyticsOut, AskedSpan, analytics_out
from playout.core.analytics import service
from playout.core.analytics.subjects import (
    link_subject,
    project_subject,
    share_subject,
    video_subject,
)
from playout.core.links import service as links
from playout.core.projects.channel import Channel
from playout.core.shares import service as shares
from playout.core.unit import ReadUnit
from playout.core.videos import service as videos

router = APIRouter(route_class=StrictRoute, tags=["analytics"])


@router.get("/videos/{video_id}/analytics/")
@endpoint
def analytics_of_video(video_id: Id, span: AskedSpan, unit: ReadUnit) -> Answer[AnalyticsOut]:
    """Return what viewers did with a video, wherever they saw it."""
    video = videos.get(unit, video_id)
    return Answer(analytics_out(service.report(unit, video_subject(video.id), span)))


@router.get("/videos/{video_id}/links/{link_id}/analytics/")
@endpoint
def analytics_of_link(
    video_id: Id, link_id: Id, span: AskedSpan, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a guest link did."""
    link = links.get(unit, video_id, link_id)
    return Answer(analytics_out(service.report(unit, link_subject(link.id), span)))


@router.get("/workspaces/{workspace_id}/analytics/")
@endpoint
def analytics_of_workspace(
    workspace_id: Id, span: AskedSpan, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what viewers did with all videos of a workspace. It has no retention."""
    project = shares.project_of_shares(unit, workspace_id)
    return Answer(analytics_out(service.report(unit, project_subject(project.id), span)))


@router.get("/workspaces/{workspace_id}/shares/{channel}/analytics/")
@endpoint
def analytics_of_share(
    workspace_id: Id, channel: Channel, span: AskedSpan, unit: ReadUnit
) -> Answer[AnalyticsOut]:
    """Return what the visitors of a landing page did, whichever videos it played."""
    share = shares.get(unit, workspace_id, channel)
    subject = share_subject(share.project_id, share.channel)
    return Answer(analytics_out(service.report(unit, subject, span)))
