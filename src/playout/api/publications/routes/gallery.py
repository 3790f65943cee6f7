"""Routes of the gallery, for sites that show public videos. They answer below `/v2`, too."""

from fastapi import APIRouter

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.etags import EXTENSION, WRITES_NOTHING
from playout.api.json_body import StrictRoute
from playout.api.publications.schemas.gallery import (
    NO_INTERACTIVE,
    GalleryIndexOut,
    GallerySearchIn,
    GallerySearchOut,
    GallerySyncOut,
    InteractivePublicationsOut,
    RecommendationsIn,
    RecommendationsOut,
    ViewEventIn,
    ViewEventOut,
    index_out,
    items_out,
    sync_out,
    view_event_out,
)
from playout.api.request import ApiRuntime
from playout.core.analytics import reporting
from playout.core.publications import discovery
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict

router = APIRouter(route_class=StrictRoute, tags=["gallery"])
READS = {EXTENSION: [WRITES_NOTHING]}


@router.post("/gallery/search", openapi_extra=READS)
@endpoint
def search_gallery(
    body: GallerySearchIn, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[GallerySearchOut]:
    """Search the public videos by words, newest first."""
    found = discovery.search(unit, body.query, body.format, body.limit)
    items = items_out(found.videos, runtime.playback, unit.now)
    return Answer({"query": body.query, "items": items, "total": found.total})


@router.post("/gallery/recommendations", openapi_extra=READS)
@endpoint
def recommend(
    body: RecommendationsIn, unit: ReadUnit, runtime: ApiRuntime
) -> Answer[RecommendationsOut]:
    """Return videos related to a publication, or without one those that are popular now.

    The answer does not depend on `viewer_id`: Playout follows no viewer.
    """
    if body.publication_id is None:
        reason = "popular_now"
        videos = discovery.popular(unit, body.format, body.limit, body.exclude_ids)
    else:
        reason = "similar_to_current"
        videos = discovery.related(
            unit, body.publication_id, body.format, body.limit, body.exclude_ids
        )
    items = items_out(videos, runtime.playback, unit.now, reason)
    return Answer({"items": items, "reason": reason, "personalized": False})


@router.post("/gallery/events/view")
@endpoint
def record_view(body: ViewEventIn, unit: WriteUnit, runtime: ApiRuntime) -> Answer[ViewEventOut]:
    """Count what a viewer did whom your own site shows a video of yours.

    A 409 says that this installation counts nobody.
    """
    if not runtime.settings.analytics:
        raise Conflict("This installation counts no viewers.")
    salt = runtime.salts.open_day(unit.now.date())
    return Answer(view_event_out(reporting.report_view(unit, salt, body.to_report())))


@router.post("/gallery/sync", openapi_extra=READS)
@endpoint
def sync_gallery(unit: ReadUnit) -> Answer[GallerySyncOut]:
    """Answer that the index of the gallery is complete: it follows each change at once."""
    return Answer(sync_out(discovery.number_of_public(unit), unit.now))


@router.post("/gallery/publications/update_embeddings", openapi_extra=READS)
@endpoint
def update_gallery(unit: ReadUnit) -> Answer[GallerySyncOut]:
    """Answer as `sync` does."""
    return Answer(sync_out(discovery.number_of_public(unit), unit.now))


@router.get("/gallery/status")
@endpoint
def gallery_status(unit: ReadUnit) -> Answer[GalleryIndexOut]:
    """Return the number of publications in the index of the gallery."""
    return Answer(index_out(discovery.number_of_public(unit), unit.now))


@router.get("/interactive_publications")
@endpoint
def list_interactive(unit: ReadUnit) -> Answer[InteractivePublicationsOut]:  # noqa: ARG001
    """List interactive publications. Playout has none, so the list is empty."""
    return Answer(NO_INTERACTIVE)
