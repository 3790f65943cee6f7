"""What every page goes out with: its headers, its content security policy, its notices."""

from collections.abc import Mapping
from functools import cached_property

from starlette.responses import Response

from playout.kit.errors import PlayoutError
from playout.pages.render import render_notice
from playout.pages.static_files import built_styles
from playout.pages.views import NoticeView
from playout.settings import Settings

FOR_ONE = {"Cache-Control": "private, no-store", "Vary": "Cookie, Authorization"}
"""What is for one person alone goes into no cache."""
FORMS = {"form-action": "'self'"}


class Answers:
    """Makes the answers of one site."""

    def __init__(self, settings: Settings) -> None:
        self._site_name = settings.site_name
        self._origin = origin = settings.base_url
        self._policy = {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": f"'self' {origin} https: data:",
            "media-src": f"'self' {origin} https: http:",
            "form-action": "'none'",
            "base-uri": "'none'",
            "frame-ancestors": "'self'",
        }
        self.headers = {
            "Cache-Control": "no-cache",
            **self.policy(),
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
        }
        self.with_forms = self.policy(FORMS)

    @cached_property
    def with_player(self) -> Mapping[str, str]:
        """Headers of a page with a video. Raises `Unavailable` when no scripts are built."""
        return self.policy(self._player())

    @cached_property
    def with_player_and_forms(self) -> Mapping[str, str]:
        """The same, for a page from which one can sign out."""
        return self.policy({**self._player(), **FORMS})

    def policy(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The header with the policy of all pages, and some directives of a page's own."""
        directives = {**self._policy, **(more or {})}
        policy = "; ".join(f"{name} {value}" for name, value in directives.items())
        return {"Content-Security-Policy": policy}

    def _player(self) -> dict[str, str]:
        """What the player needs: its script, the styles within its elements, and, for adaptive
        streams, to ask for segments and hand them to the video as a blob."""
        return {
            "script-src": "'self'",
            "style-src": f"'self' {built_styles('player')}",
            "connect-src": f"'self' {self._origin}",
            "media-src": f"{self._policy['media-src']} blob:",
        }

    def html(
        self, html: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page, with some headers of its own."""
        return Response(html, status, {**self.headers, **(headers or {})}, "text/html")

    def failure(self, error: PlayoutError, status: int) -> Response:
        """A page that says why there is nothing to see."""
        if status == 404:
            message = (
                "It may have been taken down, the address may have a slip in it, or it is only for"
                " members who have signed in."
            )
            return self.notice("This video isn’t here", message, status)
        return self.notice("Not available right now", error.message, status)

    def notice(self, title: str, message: str, status: int) -> Response:
        view = NoticeView(status=status, title=title, message=message, site_name=self._site_name)
        return self.html(render_notice(view), status)
