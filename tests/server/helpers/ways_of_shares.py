"""The ways to take back a landing page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.server.helpers.ending import Ending, Way, end_soon
from tests.server.helpers.site import Share, Site


def shown(act: Callable[[Share], object]) -> Way:
    def way(site: Site) -> Ending:
        share = site.share()
        return Ending(site.shown(share.page), lambda: act(share))

    return way


def expires(share: Share) -> float:
    return end_soon(lambda at: share.put(expiresAt=at))


def put_off(share: Share) -> None:
    share.put(publishAt=(datetime.now(UTC) + timedelta(days=1)).isoformat())


def pinned_to_another_video(site: Site) -> Ending:
    share = site.share()
    other = site.draft(share.project.workspace)
    return Ending(site.played(share.page), lambda: share.put(videoId=other["uid"]))


def credential_revoked(site: Site) -> Ending:
    share = site.share()
    body = {"projectId": share.project.path.rpartition("/")[2]}
    credential = site.call("post", "/api/credentials", body)["id"]
    share.put(apiCredentialId=credential)
    revoke = f"/api/credentials/{credential}/revoke"
    return Ending(site.shown(share.page), lambda: site.call("post", revoke))


WAYS = {
    "share disabled": shown(lambda share: share.post("disable")),
    "share at a new address": shown(lambda share: share.post("rotate-slug")),
    "share with a password": shown(lambda share: share.put(password="quiet harbour")),
    "share expires": shown(expires),
    "share put off": shown(put_off),
    "share with another video": pinned_to_another_video,
    "credential of a share revoked": credential_revoked,
    "project archived": shown(lambda share: share.archive_project()),
}
