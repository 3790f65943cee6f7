"""The JSON of the gallery, for sites that show public videos."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, BaseModel, Field, StringConstraints
from typing_extensions import TypedDict

from playout.api.publications.schemas.types import SessionId, time_out
from playout.api.types import NFC, NOT_A_BOOL, DateTimeOut, UriOut, example
from playout.core.analytics.events import LATEST_MS
from playout.core.analytics.reporting import Counted, Step, ViewReport
from playout.core.playback.playback import Playback
from playout.core.publications.discovery import Format
from playout.core.publications.queries import PublishedVideo

MOST_ITEMS = 100
USUAL_ITEMS = 24
MOST_EXCLUDED = 200

PublicationId = SessionId
"""24 hexadecimal digits, as sessions have them."""
Limit = Annotated[int, Field(ge=1, le=MOST_ITEMS), NOT_A_BOOL]
Words = Annotated[str, StringConstraints(max_length=200), NFC]


class GallerySearchIn(BaseModel):
    """Words to look for in public videos; without any, all of them match."""

    model_config = example(query="running shoe", format="portrait", limit=12)

    query: Words = Field(default="", validation_alias=AliasChoices("query", "search_term"))
    format: Format | None = None
    limit: Limit = USUAL_ITEMS


class RecommendationsIn(BaseModel):
    """A publication to which videos are related; without it, those that are popular now."""

    model_config = example(limit=10)

    publication_id: PublicationId | None = Field(
        default=None,
        validation_alias=AliasChoices("publication_id", "publicationId", "video_id"),
    )
    exclude_ids: Annotated[list[str], Field(max_length=MOST_EXCLUDED)] = []
    format: Format | None = None
    limit: Limit = USUAL_ITEMS


class ViewEventIn(BaseModel):
    """The progress of a viewer of a public video, as the site tells that shows it.

    `viewer_id` is any text that tells its viewers apart. It is not stored.
    """

    model_config = example(
        publication_id="66ff0c2e8a41d7b3905e6a12",
        viewer_id="f3a1",
        event_type="progress",
        watch_time_ms=42000,
    )

    publication_id: PublicationId = Field(
        validation_alias=AliasChoices("publication_id", "publicationId")
    )
    viewer_id: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, validation_alias=AliasChoices("viewer_id", "viewerId")
    )
    event_type: Step = Field(
        default=Step.VIEW, validation_alias=AliasChoices("event_type", "eventType")
    )
    watch_time_ms: Annotated[int, Field(ge=0, le=LATEST_MS), NOT_A_BOOL] = Field(
        default=0, validation_alias=AliasChoices("watch_time_ms", "watchTimeMs")
    )

    def to_report(self) -> ViewReport:
        """Return the report of the view."""
        return ViewReport(self.publication_id, self.viewer_id, self.event_type, self.watch_time_ms)


class ViewStatsOut(TypedDict):
    """The views of the video. They are counted anew once a minute."""

    views: int


class ViewEventOut(TypedDict):
    """The result of a report. A view counts once for each viewer and day (UTC)."""

    recorded: bool
    countedView: bool
    uniqueView: bool
    completed: bool
    stats: ViewStatsOut


class GalleryStatsOut(TypedDict):
    """Numbers of a publication. Playout has no likes, comments and shares of viewers: all are 0."""

    likes: int
    comments: int
    shares: int
    views: int


class GalleryItemOut(TypedDict):
    """A public video."""

    id: str
    publicationId: str
    sessionId: str
    videoUrl: UriOut
    posterUrl: UriOut | None
    pageUrl: UriOut
    title: str
    description: str
    originalPrompt: str
    creatorHandle: str
    createdBy: None
    tags: list[str]
    aspectRatio: str | None
    createdAt: DateTimeOut
    stats: GalleryStatsOut
    viewerHasLiked: bool
    score: None
    recommendationReason: str | None


class GallerySearchOut(TypedDict):
    """The first public videos that were found. No more than a thousand are counted."""

    query: str
    items: list[GalleryItemOut]
    total: int


class RecommendationsOut(TypedDict):
    """Public videos to watch next. Nobody is followed, so they are the same for every viewer."""

    items: list[GalleryItemOut]
    reason: str
    personalized: bool


class GalleryIndexOut(TypedDict):
    """The state of the index of the gallery, which follows each change at once."""

    database: str
    embeddingModel: str
    embeddingVersion: str
    indexedPublications: int
    stale: bool
    lastUpdatedAt: DateTimeOut
    nextUpdateAt: None
    state: None


class GallerySyncOut(TypedDict):
    """The result of an update of the index: there is never anything left to do."""

    status: str
    database: str
    embeddingModel: str
    embeddingVersion: str
    indexed: int
    skipped: int
    failed: int
    totalAvailable: int
    removed: int
    refreshed: bool
    stale: bool
    startedAt: DateTimeOut
    completedAt: DateTimeOut
    lastUpdatedAt: DateTimeOut
    nextUpdateAt: None


class InteractivePublicationsOut(TypedDict):
    """Interactive publications. There are none."""

    items: list[Mapping[str, str]]
    nextCursor: None
    hasMore: bool
    totalCount: int


INDEX = {"database": "PostgreSQL", "embeddingModel": "none", "embeddingVersion": "none"}
"""The gallery is searched by words, which PostgreSQL indexes."""
NO_INTERACTIVE: InteractivePublicationsOut = {
    "items": [],
    "nextCursor": None,
    "hasMore": False,
    "totalCount": 0,
}


def items_out(
    videos: Sequence[PublishedVideo], playback: Playback, now: datetime, reason: str | None = None
) -> list[GalleryItemOut]:
    """Return the JSON of public videos."""
    return [_item_out(each, playback, now, reason) for each in videos]


def _item_out(
    found: PublishedVideo, playback: Playback, now: datetime, reason: str | None
) -> GalleryItemOut:
    publication, video = found.publication, found.video
    addresses, shown = playback.urls(video, found.asset, now), publication.public_fields(video)
    return {
        "id": publication.id,
        "publicationId": publication.id,
        "sessionId": video.session_id,
        "videoUrl": addresses.video,
        "posterUrl": shown["splash_image"] or addresses.poster,
        "pageUrl": f"{playback.base_url}/v/{publication.slug}",
        "title": shown["title"],
        "description": shown["description"] or "",
        "originalPrompt": shown["original_prompt"] or "",
        "creatorHandle": shown["creator_handle"] or "",
        "createdBy": None,
        "tags": shown["tags"],
        "aspectRatio": shown["aspect_ratio"],
        "createdAt": time_out(publication.created_at),
        "stats": {"likes": 0, "comments": 0, "shares": 0, "views": video.views},
        "viewerHasLiked": False,
        "score": None,
        "recommendationReason": reason,
    }


def view_event_out(counted: Counted) -> ViewEventOut:
    """Return the JSON of what was counted of a view."""
    return {
        "recorded": True,
        "countedView": counted.is_new,
        "uniqueView": counted.is_new,
        "completed": counted.is_complete,
        "stats": {"views": counted.views},
    }


def index_out(number: int, now: datetime) -> GalleryIndexOut:
    """Return the JSON of the state of the index, with the number of its publications."""
    return {
        "database": INDEX["database"],
        "embeddingModel": INDEX["embeddingModel"],
        "embeddingVersion": INDEX["embeddingVersion"],
        "indexedPublications": number,
        "stale": False,
        "lastUpdatedAt": time_out(now),
        "nextUpdateAt": None,
        "state": None,
    }


def sync_out(number: int, now: datetime) -> GallerySyncOut:
    """Return the JSON of a synchronization, which has nothing to do."""
    return {
        "status": "complete",
        "database": INDEX["database"],
        "embeddingModel": INDEX["embeddingModel"],
        "embeddingVersion": INDEX["embeddingVersion"],
        "indexed": 0,
        "skipped": number,
        "failed": 0,
        "totalAvailable": number,
        "removed": 0,
        "refreshed": False,
        "stale": False,
        "startedAt": time_out(now),
        "completedAt": time_out(now),
        "lastUpdatedAt": time_out(now),
        "nextUpdateAt": None,
    }
