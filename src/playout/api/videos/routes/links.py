"""Routes of the guest links of a video."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import ETAG, IF_MATCH, IF_MATCH_AND_ETAG
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.types import Id
from playout.api.videos.paging import ListOf, Page
from playout.api.videos.schemas.links import LinkIn, LinkOut, LinkPatch, link_out
from playout.core.links import service
from playout.core.links.model import GuestLink
from playout.core.unit import ReadUnit, WriteUnit
from playout.runtime import Runtime

router = APIRouter(prefix="/videos/{video_id}/links", route_class=StrictRoute, tags=["links"])


@router.get("/")
@endpoint
def list_links(
    video_id: Id, unit: ReadUnit, page: Page, runtime: ApiRuntime
) -> Answer[ListOf[LinkOut]]:
    """List the guest links of a video, newest first, revoked ones included."""
    links, count = service.page(unit, video_id, page.offset, page.size)
    base_url = runtime.base_url
    return page.answer([link_out(each, unit, base_url) for each in links], count)


@router.post("/", status_code=201, openapi_extra=ETAG)
@endpoint
def create_link(
    video_id: Id, body: LinkIn, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[LinkOut]:
    """Create a guest link: an unguessable address for somebody who has no account.

    It opens the video while that is published, whatever its visibility.
    """
    return _answer(unit, runtime, service.create(unit, video_id, body.fields()))


@router.get("/{link_id}/", openapi_extra=ETAG)
@endpoint
def retrieve_link(
    video_id: Id, link_id: Id, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[LinkOut]:
    """Return one guest link and how often it was opened."""
    link = service.get(unit, video_id, link_id)
    out = link_out(link, unit, runtime.base_url)
    # Its state follows the clock and the visitors, who leave the ETag as it is.
    return Answer(out, etag=link.etag, can_be_unmodified=False)


@router.patch("/{link_id}/", openapi_extra=IF_MATCH_AND_ETAG)
@endpoint
def update_link(
    video_id: Id, link_id: Id, body: LinkPatch, unit: WriteUnit, runtime: ApiRuntime
) -> Answer[LinkOut]:
    """Change some fields of a guest link.

    Each change of `password`, also to none, ends the playback of everybody who was let in before.
    """
    return _answer(unit, runtime, service.update(unit, video_id, link_id, body.fields()))


@router.delete("/{link_id}/", status_code=204, openapi_extra=IF_MATCH)
@endpoint
def revoke_link(video_id: Id, link_id: Id, unit: WriteUnit) -> Answer[None]:
    """Revoke a guest link.

    It ends at once, for good, and stays in the list.
    """
    service.revoke(unit, video_id, link_id)
    return Answer(None)


def _answer(unit: WriteUnit, runtime: Runtime, link: GuestLink) -> Answer[LinkOut]:
    return Answer(link_out(link, unit, runtime.base_url), etag=link.etag)
