"""The ways to take back a video, its download, and the right of a site to show it."""

from collections.abc import Callable

from tests.server.helpers.ending import Ending, Way, end_soon
from tests.server.helpers.hammering import Asked, names
from tests.server.helpers.site import Site

PARTNER = "https://partner.example.com"


def changed(**change: object) -> Way:
    def way(site: Site) -> Ending:
        video = site.video()
        asked = site.shown(video["page"])
        return Ending(asked, lambda: site.call("patch", video["path"], change))

    return way


def unpublished(site: Site) -> Ending:
    video = site.video()
    lists = [Asked(each, is_served=names(video["page"])) for each in ("/", "/feed.rss")]
    asked = [*site.shown(video["page"]), *lists]
    return Ending(asked, lambda: site.call("delete", f"{video['path']}publish/"))


def at_a_time(change: Callable[[str], object]) -> Way:
    def way(site: Site) -> Ending:
        video = site.video()
        asked = site.shown(video["page"])
        return Ending(
            asked,
            lambda: end_soon(lambda at: site.call("patch", video["path"], change(at))),
        )

    return way


def deleted(site: Site) -> Ending:
    video = site.video()
    return Ending(site.shown(video["page"]), lambda: site.call("delete", video["path"]))


def download_switched_off(site: Site) -> Ending:
    video = site.video()
    file = Asked(f"{site.played(video['page'])[0].path}?download=1")
    return Ending([file], lambda: site.call("patch", video["path"], {"downloads": False}))


def site_taken_off_the_list(site: Site) -> Ending:
    project = site.project()
    path = f"/api/v1/workspaces/{project.workspace}/embedding/"
    site.call("put", path, {"sites": [PARTNER]})
    page = f"/embed{site.video(project.workspace)['page']}"
    asked = Asked(page, is_served=names(PARTNER))
    return Ending([asked], lambda: site.call("put", path, {"sites": []}))


WAYS = {
    "video unpublished": unpublished,
    "video unpublished at a time": at_a_time(lambda at: {"unpublish_at": at}),
    "video made private": changed(visibility="private"),
    "video for members at a time": at_a_time(
        lambda at: {"visibility_at": [{"at": at, "visibility": "org"}]}
    ),
    "video with a password": changed(password="quiet harbour"),
    "video deleted": deleted,
    "download switched off": download_switched_off,
    "site taken off the list of frames": site_taken_off_the_list,
}
