"""The routes of public video shares."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from playout.api.answer import Answer
from playout.api.call import Call, OneCall
from playout.api.etags import CHANGED
from playout.api.json_body import StrictRoute
from playout.api.shares import credentials, projects
from playout.api.shares.answers import (
    EntryOut,
    RotatedOut,
    ShareOut,
    entry_out,
    public_url,
    share_out,
)
from playout.api.shares.fields import ChannelPath, UidPath, uid
from playout.api.shares.wire import ShareIn
from playout.core.projects.model import Project
from playout.core.shares import service
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(route_class=StrictRoute, tags=["shares"])
ROUTERS = (projects.router, router, credentials.router)
SHARES = "/Projects/{project_id}/public-video-shares"
SHARE = SHARES + "/{channel}"
AUDIT_LIMIT = 500


@router.get(SHARES, response_model=list[ShareOut])
def list_shares(project_id: UidPath, call: Call) -> Response:
    """The shares of a project, one for each channel that has any."""

    def use(unit: ReadUnit) -> Answer:
        project, shares = service.list_shares(unit, uid(project_id))
        return Answer([_out(call, share, project) for share in shares])

    return call.show(use)


@router.put(
    SHARE, response_model=ShareOut, responses={201: {"model": ShareOut}}, openapi_extra=CHANGED
)
def put_share(project_id: UidPath, channel: ChannelPath, body: ShareIn, call: Call) -> Response:
    """Create a share (201), or make it what the body says (200)."""

    def use(unit: WriteUnit) -> Answer:
        outcome = service.put(unit, uid(project_id), channel, body.to_input())
        status = 201 if outcome.created else 200
        return _one(call, outcome.share, outcome.project, status)

    return call.answer(use)


@router.post(SHARE + "/disable", response_model=ShareOut, openapi_extra=CHANGED)
def disable_share(project_id: UidPath, channel: ChannelPath, call: Call) -> Response:
    """Take the landing page away; its configuration and its address are kept."""

    def use(unit: WriteUnit) -> Answer:
        project, share = service.disable(unit, uid(project_id), channel)
        return _one(call, share, project)

    return call.answer(use)


@router.post(SHARE + "/restore", response_model=ShareOut, openapi_extra=CHANGED)
def restore_share(project_id: UidPath, channel: ChannelPath, call: Call) -> Response:
    """Bring a disabled landing page back at the same address."""

    def use(unit: WriteUnit) -> Answer:
        project, share = service.restore(unit, uid(project_id), channel)
        return _one(call, share, project)

    return call.answer(use)


@router.post(SHARE + "/rotate-slug", response_model=RotatedOut, openapi_extra=CHANGED)
def rotate_slug(project_id: UidPath, channel: ChannelPath, call: Call) -> Response:
    """Give the landing page a new address; the old one is gone for ever."""

    def use(unit: WriteUnit) -> Answer:
        previous, share = service.rotate(unit, uid(project_id), channel)
        out: RotatedOut = {
            "previousSlug": previous,
            "slug": share.slug,
            "publicUrl": public_url(share, call.runtime.settings.base_url),
        }
        return Answer(out, etag=share.etag)

    return call.answer(use)


@router.get(SHARE + "/audit", response_model=list[EntryOut])
def list_share_events(
    project_id: UidPath,
    channel: ChannelPath,
    call: Call,
    limit: Annotated[int, Query(ge=1, le=AUDIT_LIMIT)] = 100,
) -> Response:
    """Who did what to a share and when, newest first."""

    def use(unit: ReadUnit) -> Answer:
        entries = service.audit(unit, uid(project_id), channel, limit)
        return Answer([entry_out(entry) for entry in entries])

    return call.show(use)


def _one(call: OneCall, share: Share, project: Project, status: int = 200) -> Answer:
    return Answer(_out(call, share, project), status, share.etag)


def _out(call: OneCall, share: Share, project: Project) -> ShareOut:
    return share_out(share, project, call.runtime.settings.base_url)
