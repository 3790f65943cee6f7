"""The responses of pages: headers, content security policy and error pages."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from starlette.responses import Response

from playout.kit.cache_tags import cache_tag_headers
from playout.kit.errors import RETRY_AFTER, PlayoutError, Unavailable
from playout.pages.messages import Messages, messages, preferred_language
from playout.pages.render import render_notice
from playout.pages.static_files import built_styles
from playout.pages.views import NoticeView, Rendered
from playout.settings import Settings

PRIVATE = {"Cache-Control": "private, no-store", "Vary": "Cookie, Authorization"}
"""Headers of a page for one person, which no cache may store."""
NOT_HERE = "This video isn’t here"
WHY_NOT = (
    "It may have been unpublished, the address may be misspelled, or only members who are signed in"
    " may watch it."
)
NO_LANDING_PAGE = "This page isn’t here"
ASK_FOR_IT = (
    "It may have a new address, or this one is misspelled. Whoever sent you the link can tell you"
    " more."
)
FORMS = {"form-action": "'self'"}
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
)
"""Features that no page needs. The player may use full screen, picture in picture and casting."""


class Responses:
    """Builds the responses of the pages of one site."""

    def __init__(self, settings: Settings) -> None:
        self._site_name = settings.site_name
        self._messages = messages(settings.language)
        self._prefix = settings.address.prefix
        self._policy = {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self' https: data:",
            "media-src": "'self' https: http:",
            "form-action": "'none'",
            "base-uri": "'none'",
            "frame-ancestors": "'self'",
        }
        self.headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-cache",
            **self.policy(),
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
            "Permissions-Policy": PERMISSIONS,
        }
        self._is_purged = settings.purge_url is not None
        self.form_headers = self.policy(FORMS)

    @cached_property
    def player_headers(self) -> Mapping[str, str]:
        """Headers of a page with a video. Raises `Unavailable` if the scripts are not built."""
        return self.policy(self._player_directives())

    @cached_property
    def player_and_form_headers(self) -> Mapping[str, str]:
        """Headers of a page with a video and a button to sign out."""
        return self.policy({**self._player_directives(), **FORMS})

    def styled(self, headers: Mapping[str, str], styles: str) -> Mapping[str, str]:
        """Return the headers with a policy that allows these styles in a style element, too."""
        if not styles:
            return headers
        name = "Content-Security-Policy"
        source = f"'sha256-{b64encode(sha256(styles.encode()).digest()).decode()}'"
        policy = {**self.headers, **headers}[name]
        return {**headers, name: policy.replace("style-src 'self'", f"style-src 'self' {source}")}

    @cached_property
    def embed_headers(self) -> Mapping[str, str]:
        """Headers of a player in a frame. `framed` says which sites may show it."""
        return self.policy(self._player_directives("embed"))

    def framed(self, headers: Mapping[str, str], ancestors: str) -> Mapping[str, str]:
        """Return the headers with a policy that lets these sites show the page in a frame."""
        if not ancestors:
            return headers
        name, own = "Content-Security-Policy", "frame-ancestors 'self'"
        policy = {**self.headers, **headers}[name]
        return {**headers, name: policy.replace(own, f"frame-ancestors {ancestors}")}

    def cache_tags(self, keys: Iterable[str], *, ends: bool = False) -> dict[str, str]:
        """Return the headers by which shared caches drop an answer that these keys invalidate.

        One that `ends` at a time, without any change, may be kept for a moment only.
        """
        return cache_tag_headers(keys, is_purged=self._is_purged and not ends)

    def policy(self, directives: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the header with the policy of all pages, changed by directives of one page."""
        merged = {**self._policy, **(directives or {})}
        policy = "; ".join(f"{name} {value}" for name, value in merged.items())
        return {"Content-Security-Policy": policy}

    def document_headers(self, media_type: str) -> dict[str, str]:
        """Return the headers of a document for machines, which scripts of any site may read."""
        return {
            **self.headers,
            "Content-Type": f"{media_type}; charset=utf-8",
            "Access-Control-Allow-Origin": "*",
        }

    def _player_directives(self, script: str = "player") -> dict[str, str]:
        """Return what the player needs: its script and the styles in its elements.

        For adaptive streams it requests segments, and gives them to the video as a blob.
        """
        return {
            "script-src": "'self'",
            "style-src": f"'self' {built_styles(script)}",
            "connect-src": "'self'",
            "media-src": f"{self._policy['media-src']} blob:",
        }

    def page(
        self, html: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return a page. `headers` replace those of all pages."""
        return Response(html, status, {**self.headers, **(headers or {})})

    def resting(self, page: Rendered, headers: Mapping[str, str] | None = None) -> Response:
        """Return a landing page that shows nothing at the moment."""
        return self.page(page.html, 404, self.styled(headers or {}, page.styles))

    def embed_notice(self, page: Rendered) -> Response:
        """Return a frame that plays nothing at the moment."""
        return self.page(page.html, 404, self.framed({}, page.ancestors))

    def error_page(self, error: PlayoutError, status: int) -> Response:
        """Return a page that says why there is no video to watch."""
        if status == 404:
            text = self._messages.text
            return self.notice(text(NOT_HERE), text(WHY_NOT), status)
        page = self.notice(self._messages.text("Not available right now"), error.message, status)
        if isinstance(error, Unavailable) and status == 503:
            page.headers["Retry-After"] = str(RETRY_AFTER)
        return page

    def no_landing_page(self, accepted: str) -> Response:
        """Return a page that says that there is no such landing page.

        Whose it was, nobody is told: so it is in the language that the browser asks for.
        """
        own = messages(preferred_language(accepted))
        title, message = own.text(NO_LANDING_PAGE), own.text(ASK_FOR_IT)
        answer = self._notice(title, message, 404, own, offers_videos=False)
        answer.headers["Vary"] = "Accept-Language"
        return answer

    def notice(self, title: str, message: str, status: int) -> Response:
        """Return a page with a short text and no video."""
        return self._notice(title, message, status, self._messages, offers_videos=True)

    def _notice(
        self, title: str, message: str, status: int, messages: Messages, *, offers_videos: bool
    ) -> Response:
        view = NoticeView(
            status=status,
            title=title,
            message=message,
            site_name=self._site_name,
            prefix=self._prefix,
            messages=messages,
            offers_videos=offers_videos,
        )
        return self.page(render_notice(view), status)
