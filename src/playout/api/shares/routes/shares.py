"""Routes of public video shares."""

from typing import Annotated

from fastapi import APIRouter, Query

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.etags import IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.shares.schemas.shares import (
    AuditEntryOut,
    RotatedSlugOut,
    ShareIn,
    ShareOut,
    audit_entry_out,
    rotated_slug_out,
    share_out,
)
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.core.projects.model import Project
from playout.core.shares import service
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.runtime import Runtime

router = APIRouter(
    prefix="/Projects/{project_id}/public-video-shares", route_class=StrictRoute, tags=["shares"]
)
MAX_AUDIT_ENTRIES = 500


@router.get("")
@endpoint
def list_shares(
    project_id: UuidPath, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[list[ShareOut]]:
    """List the shares of a project, at most one for each channel."""
    project, shares = service.list_shares(unit, parse_uuid(project_id))
    base_url = runtime.base_url
    return kept(Answer([share_out(share, project, base_url) for share in shares]))


@router.put("/{channel}", responses={201: {"model": ShareOut}}, openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def put_share(
    project_id: UuidPath,
    channel: ChannelPath,
    body: ShareIn,
    unit: WriteUnit,
    runtime: ApiRuntime,
) -> Answer[ShareOut]:
    """Create a share (201), or replace all its fields (200)."""
    result = service.put(
        unit, parse_uuid(project_id), channel, body.to_input(), body.password_change()
    )
    status = 201 if result.created else 200
    return _answer(runtime, result.share, result.project, status)


@router.post("/{channel}/disable", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def disable_share(
    project_id: UuidPath, channel: ChannelPath, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[ShareOut]:
    """Disable the landing page. Its configuration and its address are kept."""
    project, share = service.disable(unit, parse_uuid(project_id), channel)
    return _answer(runtime, share, project)


@router.post("/{channel}/restore", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def restore_share(
    project_id: UuidPath, channel: ChannelPath, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[ShareOut]:
    """Restore a disabled landing page at the same address."""
    project, share = service.restore(unit, parse_uuid(project_id), channel)
    return _answer(runtime, share, project)


@router.post("/{channel}/rotate-slug", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def rotate_slug(
    project_id: UuidPath, channel: ChannelPath, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[RotatedSlugOut]:
    """Give the landing page a new address. The old address never works again."""
    previous, share = service.rotate(unit, parse_uuid(project_id), channel)
    return Answer(rotated_slug_out(previous, share, runtime.base_url), etag=share.etag)


@router.get("/{channel}/audit")
@endpoint
def list_share_events(
    project_id: UuidPath,
    channel: ChannelPath,
    unit: ReadUnit,
    limit: Annotated[int, Query(ge=1, le=MAX_AUDIT_ENTRIES)] = 100,
) -> Answer[list[AuditEntryOut]]:
    """List the events of a share, newest first: who changed what, and when."""
    entries = service.audit(unit, parse_uuid(project_id), channel, limit)
    return Answer([audit_entry_out(entry) for entry in entries])


def _answer(
    runtime: Runtime, share: Share, project: Project, status: int = 200
) -> Answer[ShareOut]:
    return Answer(share_out(share, project, runtime.base_url), status, share.etag)
