"""axe finds nothing on public pages: in both schemes, on both sizes, in both directions."""

from uuid import UUID

import pytest
from playwright.sync_api import Page

from playout.transcode.names import MP4, POSTER
from tests.helpers.tenants import found_tenant
from tests.pages.helpers.both_schemes import find_in_both_schemes
from tests.pages.helpers.browser import DESKTOP, PHONE, resize
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store_files

PAGES = {
    "landing page": "/s/{share}",
    "landing page from right to left": "/s/{arabic}",
    "landing page that rests": "/s/{resting}",
    "player of a video": "/embed/v/{slug}",
    "player of a landing page": "/embed/s/{share}",
    "player without a video": "/embed/v/nothing",
    "player that rests": "/embed/s/{resting}",
    "guest link": "/l/{open}",
    "password": "/l/{closed}",
    "link that was taken back": "/l/{over}",
    "sign-in": "/sign-in",
    "no such page": "/nothing",
}


@pytest.fixture(scope="module")
def names(web, runtime, clip) -> dict[str, str]:
    """The slugs of a public video, of shares and of guest links."""
    tenant = found_tenant(runtime)
    headers, landing = tenant.headers, Landing(web, tenant.headers)

    def call(method: str, path: str, **options: object) -> dict[str, str]:
        answer = web.request(method, f"/api/v1/{path}", headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    allow_sites(web, tenant, "*")
    body = {"title": "Crossing", "workspace": tenant.project_id, "visibility": "public"}
    video = call("POST", "videos/", json=body)
    files = {MP4: clip / "clip.mp4", POSTER: clip / "poster.jpg"}
    store_files(runtime, UUID(video["uid"]), files, (640, 360))
    captions = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"
    call("PUT", f"videos/{video['id']}/captions/en/", content=captions)
    page = call("POST", f"videos/{video['id']}/publish/", json={"visibility": "public"})
    brand = {"name": "Corvanta", "color": "#0d4f4a", "accent": "#f2b544", "footer": "Quay 4"}
    brand |= {"consent": "May we count?", "privacy_url": "https://corvanta.example.com/privacy"}
    call("PATCH", f"workspaces/{tenant.project_id}/brand/", json=brand)
    made = {"slug": page["custom_url"].rpartition("/")[2]}
    for name, fields in {"open": {}, "closed": {"password": "secret"}, "over": {}}.items():
        link = call("POST", f"videos/{video['id']}/links/", json={"name": name} | fields)
        made[name] = link["url"].rpartition("/")[2]
    call("DELETE", f"videos/{video['id']}/links/{link['id']}/")
    made["share"] = landing.put("DEV", locale="en")["slug"]
    made["arabic"] = landing.put("STAGING", locale="ar", publicTitle="عرضك")["slug"]
    resting = landing.put("PROD")
    landing.act(resting, "disable")
    return made | {"resting": resting["slug"]}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(name: str, tab: Page, names, playout_port: int) -> None:
    resize(tab, DESKTOP)
    tab.goto(f"http://127.0.0.1:{playout_port}{PAGES[name].format(**names)}")
    if tab.locator("video").count():
        tab.locator("media-controller").wait_for(state="attached")
    for window in (DESKTOP, PHONE):
        resize(tab, window)
        assert find_in_both_schemes(tab) == [], window
