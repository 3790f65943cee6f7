"""The ways to take back the film of a single viewer."""

import json
from dataclasses import dataclass
from typing import Any

from tests.helpers.live import until
from tests.server.helpers.ending import Ending
from tests.server.helpers.hammering import Asked
from tests.server.helpers.site import Share, Site

PLACE = {"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.4, "size": 0.1, "start": 0, "end": 1}
MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": {"name": {"type": "text", "required": True, "maxLength": 40}},
    "elements": [{"id": "greeting", "type": "text", "text": "Hello {{name}}", **PLACE}],
}
ADA = {"personalizationData": {"name": "Ada"}}


@dataclass(frozen=True)
class Films:
    """A share whose channel holds a template."""

    share: Share

    def render(self) -> tuple[str, str]:
        """The paths of a render in the API, and of its playlist."""
        site, path = self.share.site, f"{self.share.project.path}/renders"
        made = site.call("post", path, {"channel": "DEV", **ADA})
        return f"{path}/{made['id']}", made["playbackUrl"].removeprefix(site.live.url)

    def played(self, playlist: str) -> list[Asked]:
        """The playlists of a film, and its first segment that was rendered for one viewer."""
        site, folder = self.share.site, playlist.rpartition("/")[0]
        (rendition, *_) = site.renditions(playlist)
        lines = site.get(rendition).text.splitlines()
        (segment, *_) = [each for each in lines if each.endswith(".m4s")]
        return [Asked(each) for each in (playlist, rendition, f"{folder}/{segment}")]


def films(site: Site) -> Films:
    share = site.share()
    form = {"kind": "Raster", "manifestJson": json.dumps(MANIFEST), "videoId": share.video["uid"]}
    # A file makes it a form with files, as the API wants it.
    files = {"unused": ("unused.txt", b"", "text/plain")}
    path = f"{share.project.path}/templates/upload"
    template = site.client.post(path, data=form, files=files).raise_for_status().json()
    channel = f"{share.project.path}/distribution-channels/DEV"
    site.call("post", f"{channel}/publish", {"templateId": template["id"]})
    body = {"channel": "DEV", **ADA}
    renders = f"{share.project.path}/renders"
    until(lambda: site.client.post(renders, json=body).status_code == 201, 90, "the base")
    return Films(share)


def render_deleted(site: Site) -> Ending:
    made = films(site)
    path, playlist = made.render()
    return Ending(made.played(playlist), lambda: site.call("delete", path))


def recipient(act: str) -> Any:
    def way(site: Site) -> Ending:
        made = films(site)
        path = f"{made.share.path}/recipients"
        site.call("post", path, [ADA])
        (ada,) = site.call("get", path)["items"]
        page = ada["url"].removeprefix(site.live.url)
        player = site.player(page)
        asked = [Asked(page), *made.played(player["data-hls"])]
        method, part = ("delete", "") if act == "delete" else ("post", f"/{act}")
        return Ending(asked, lambda: site.call(method, f"{path}/{ada['id']}{part}"))

    return way


WAYS = {
    "render deleted": render_deleted,
    "link of a recipient revoked": recipient("revoke"),
}
