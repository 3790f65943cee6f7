"""The ways to take back a guest link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.server.helpers.ending import Ending, Way, end_soon
from tests.server.helpers.hammering import Asked
from tests.server.helpers.site import Site


@dataclass(frozen=True)
class Link:
    """A guest link: its paths and that of its video in the API, and the path of its page."""

    site: Site
    video: str
    path: str
    page: str

    def change(self, **change: object) -> None:
        self.site.call("patch", self.path, change)


def made(site: Site) -> Link:
    video = site.video(visibility="private")["path"]
    link = site.call("post", f"{video}links/", {"name": "Guest"})
    return Link(site, video, f"{video}links/{link['id']}/", urlsplit(link["url"]).path)


def opened(act: Callable[[Link], object]) -> Way:
    def way(site: Site) -> Ending:
        link = made(site)
        return Ending(site.shown(link.page), lambda: act(link))

    return way


def used_up(site: Site) -> Ending:
    """The number of views is lowered: nobody else is let in. Those who are in stay in."""
    link = made(site)
    asked: Sequence[Asked] = [
        Asked(
            link.page,
            {"Origin": site.live.url},
            is_served=lambda answer: answer.status_code == 303,
            form={"enter": "1"},
        )
    ]
    return Ending(asked, lambda: link.change(max_views=1))


WAYS = {
    "guest link revoked": opened(lambda link: link.site.call("delete", link.path)),
    "guest link expires": opened(lambda link: end_soon(lambda at: link.change(expires_at=at))),
    "guest link with a password": opened(lambda link: link.change(password="quiet harbour")),
    "guest link used up": used_up,
    "video of a guest link unpublished": opened(
        lambda link: link.site.call("delete", f"{link.video}publish/")
    ),
}
