"""Views for the tests of the pages, ordinary and hostile."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from playout.core.brands.model import plain_brand
from playout.core.projects.model import Project
from playout.pages.landing.brands import brand_view
from playout.pages.landing.views import BrandView
from playout.pages.views import GalleryView, NoticeView, VideoCard, WatchView

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
SITE = "http://playout.test"

HOSTILE = (
    '</title><script>alert("x")</script>',
    "\"><img src=x onerror=alert(1)> 'quoted' & {{ 7 * 7 }}",
    "👩‍👩‍👧‍👦 🎬 zürich 東京",
    "مقابلة مع المخرجة \u202eحول الفيلم",
    "Donaudampfschifffahrtsgesellschaft" * 12,
    "</script><!--<script>\u2028\u2029",
)

CARD = VideoCard(
    title="A winter crossing",
    url="/v/crossing",
    poster_url="/poster.svg",
    duration_ms=65_000,
    creator="Nordlys Film",
    published_at=AT,
    aspect=(1920, 1080),
)

GALLERY = GalleryView(site_name="Nordlys", base_url=SITE, cards=(CARD,) * 9)

WATCH = WatchView(
    site_name="Nordlys",
    base_url=SITE,
    url=f"{SITE}/v/crossing",
    title="A winter crossing",
    description="Four days.\nOne hut.\n\nRoute: https://example.org/route?a=1&b=2.",
    tags=("winter", "Norway"),
    creator="Nordlys Film",
    published_at=AT,
    updated_at=AT,
    duration_ms=65_000,
    width=1920,
    height=1080,
    poster_url=f"{SITE}/poster.svg",
    video_url=f"{SITE}/video.mp4",
    video_type="video/mp4",
    language="en-GB",
    has_subtitles=True,
)

NOTICE = NoticeView(
    status=404, title="This video isn’t here", message="It may have been unpublished."
)


def hostile_gallery(text: str) -> GalleryView:
    card = replace(CARD, title=text, creator=text)
    return replace(GALLERY, site_name=text, cards=(card,) * 4, next_url="/?before=1", first_url="/")


def hostile_watch(text: str) -> WatchView:
    return replace(
        WATCH, site_name=text, title=text, description=text, tags=(text, "b"), creator=text
    )


def hostile_notice(text: str) -> NoticeView:
    return replace(NOTICE, title=text, message=text, site_name=text)


def brand(text: str) -> BrandView:
    """A brand, each text of which is that one."""
    project = Project(id=1, uid=UUID(int=1), name=text)
    brand = plain_brand(1)
    brand.name = brand.footer = brand.consent = text
    return brand_view(project, brand, "")
