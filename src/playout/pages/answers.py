"""What every page goes out with: its headers, its content security policy, its notices."""

from collections.abc import Mapping

from starlette.responses import Response

from playout.kit.errors import PlayoutError
from playout.kit.settings import Settings
from playout.pages.render import render_notice
from playout.pages.views import NoticeView

FOR_ONE = {"Cache-Control": "private, no-store", "Vary": "Cookie, Authorization"}
"""What is for one person alone goes into no cache."""


class Answers:
    """Makes the answers of one site."""

    def __init__(self, settings: Settings) -> None:
        self._site_name = settings.site_name
        origin = settings.base_url
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
            "Content-Security-Policy": self.policy(),
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "X-Content-Type-Options": "nosniff",
        }

        self.with_forms = {"Content-Security-Policy": self.policy({"form-action": "'self'"})}

    def policy(self, more: Mapping[str, str] | None = None) -> str:
        """The content security policy of all pages, with some directives of a page's own."""
        return "; ".join(
            f"{name} {value}" for name, value in {**self._policy, **(more or {})}.items()
        )

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
