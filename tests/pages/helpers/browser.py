"""A browser tab that gets the pages as the site would serve them."""

from collections.abc import Callable

from playwright.sync_api import FloatRect, Page, Route

from playout.pages.responses import Responses
from playout.pages.static_files import BUILD_DIR, find_static
from playout.settings import Settings
from tests.pages.helpers import examples

POSTER = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"/>'
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PHONE, DESKTOP = (390, 844), (1280, 800)
WINDOWS = [PHONE, DESKTOP, (844, 390), (320, 568), (1920, 1080)]

Show = Callable[..., Page]


class Site:
    """The answers of the site, so that no request leaves this machine."""

    html = ""
    video: bytes | None = None

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(examples.SITE)
        if path == "/":
            policy = dict(Responses(Settings(public_url=examples.SITE)).player_headers)
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=policy)
        elif path.startswith("/static/"):
            folder, name = path.split("/")[2:]
            file = BUILD_DIR / name if folder == "build" else find_static(folder, name)
            assert file is not None
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "/poster.svg":
            route.fulfill(body=POSTER, content_type=TYPES[".svg"])
        elif path == "/video.mp4" and self.video is not None:
            route.fulfill(body=self.video, content_type="video/mp4")
        else:
            route.abort()


def resize(page: Page, window: tuple[int, int]) -> None:
    page.set_viewport_size({"width": window[0], "height": window[1]})


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"))


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return found
