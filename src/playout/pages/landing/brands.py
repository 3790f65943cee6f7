"""The brand of a project as landing pages show it, and its pictures."""

from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from playout.core.brands import queries
from playout.core.brands.look import DARK, LIGHT, look_of
from playout.core.brands.model import FILES, Brand, Picture
from playout.core.projects.model import Project
from playout.core.web_addresses import is_web_address
from playout.kit.errors import NotFound
from playout.pages.landing.views import BrandView, ShareNoticeView
from playout.pages.messages import Messages
from playout.pages.render import render_share_notice
from playout.pages.views import Rendered
from playout.runtime import Runtime

MEDIA_TYPES = {Picture.LOGO: "image/webp", Picture.FAVICON: "image/png"}
NO_ICON = "data:,"
"""The favicon of a brand without one: browsers ask for none."""
KEPT = {
    # Another picture has another address.
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


class Resting(Exception):
    """A landing page that shows nothing at the moment. `page` says so, in its language."""

    def __init__(self, page: Rendered) -> None:
        super().__init__()
        self.page = page


def notice_page(
    brand: BrandView, messages: Messages, *, title: str, message: str, prefix: str
) -> Rendered:
    """Render a landing page that shows nothing. `title` and `message` are keys of texts."""
    view = ShareNoticeView(
        brand=brand, messages=messages, title=title, message=message, prefix=prefix
    )
    return Rendered(render_share_notice(view), styles=brand.styles)


def brand_view(project: Project, brand: Brand, prefix: str) -> BrandView:
    """Return the brand of a project as templates need it."""
    return BrandView(
        project=str(project.uid),
        name=brand.name or project.name,
        font=brand.font,
        page_light=LIGHT,
        page_dark=DARK,
        styles=_styles(brand),
        favicon=_path(project, brand, Picture.FAVICON, prefix) or NO_ICON,
        logo=_path(project, brand, Picture.LOGO, prefix),
        home_url=_link(brand.home_url),
        footer=brand.footer,
        privacy_url=_link(brand.privacy_url),
        imprint_url=_link(brand.imprint_url),
        consent=brand.consent,
        shows_playout=brand.shows_playout,
    )


async def brand_picture(request: Request, runtime: Runtime) -> Response:
    """Answer with a logo or a favicon. Raise `NotFound`."""
    path = request.path_params
    picture = next((each for each in Picture if FILES[each] == path["name"]), None)
    uid = _uuid(path["project"])
    if picture is None or uid is None:
        raise NotFound("There is no such picture.")

    def read() -> bytes | None:
        with runtime.database.read_session() as session:
            return queries.picture(session, uid, picture, path["fingerprint"])

    content = await runtime.read_for_page(read)
    if content is None:
        raise NotFound("There is no such picture.")
    return Response(content, headers=KEPT, media_type=MEDIA_TYPES[picture])


def _link(url: str | None) -> str | None:
    """Return an address that a page may link to: it was checked when written, and is again."""
    return url if url and is_web_address(url) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _path(project: Project, brand: Brand, picture: Picture, prefix: str) -> str | None:
    path = brand.picture_path(project.uid, picture)
    return None if path is None else f"{prefix}{path}"


def _styles(brand: Brand) -> Markup:
    """Return the values of the brand. Colours are hexadecimal digits, so no text can break out."""
    look = look_of(brand)
    light = f"--page:{LIGHT};--brand-text:{look.light}"
    shared = f"--accent:{look.accent};--on-accent:{look.on_accent}"
    dark = f"--page:{DARK};--brand-text:{look.dark}"
    # The values were checked when they were written.
    return Markup(  # noqa: S704
        f":root{{{light};{shared}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )
