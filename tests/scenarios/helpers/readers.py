"""What each API, and the public, say of a video: a few words each."""

from collections.abc import Callable
from html import unescape

from tests.scenarios.helpers.stage import Scene

GONE = "nothing"
ANOTHER = "plays another video"
Reader = Callable[[Scene], str]


def videos(scene: Scene) -> str:
    """`VideoDetail` of the Videos API."""
    answer = scene.ask("GET", f"/api/v1/videos/{scene.video['id']}/")
    if answer.status_code == 404:
        return GONE
    told = answer.json()
    assert bool(told["custom_url"]) is not told["is_draft"]
    out = "draft" if told["is_draft"] else "out"
    return f"{told['status']}, {out}, {told['visibility']}: {scene.which(told['title'])}"


def productions(scene: Scene) -> str:
    """The Productions API."""
    answer = scene.ask("GET", f"/productions/{scene.video['id']}")
    if answer.status_code == 404:
        return GONE
    [told] = answer.json()["data"]
    return f"{told['status']}: {scene.which(told['name'])}"


def sessions(scene: Scene) -> str:
    """The completed sessions of the Publications API."""
    listed = scene.do("GET", "/v1/video/list_completed_video_sessions")
    mine = [each for each in listed if each["session_id"] == scene.video["session_id"]]
    return scene.which(mine[0]["title"]) if mine else GONE


def publication(scene: Scene) -> str:
    """The publication, as the Publications API tells it to who edits nothing of it."""
    answer = scene.ask("PATCH", f"/v1/publications/session/{scene.video['session_id']}", {})
    if answer.status_code == 404:
        return GONE
    told = answer.json()
    assert told["session"]["is_published"] is True
    assert told["session"]["published_publication_id"] == told["publication_id"]
    return scene.which(told["publication"]["title"])


def dev(scene: Scene) -> str:
    return _landing(scene, "DEV")


def staging(scene: Scene) -> str:
    return _landing(scene, "STAGING")


def prod(scene: Scene) -> str:
    return _landing(scene, "PROD")


def first_prod(scene: Scene) -> str:
    """The address that the page of PROD had before the act."""
    return _played(scene, scene.first_addresses["PROD"])


def feed(scene: Scene) -> str:
    return scene.which(scene.web.get("/").text)


def page(scene: Scene) -> str:
    """The watch page, at the address that was told when it came out."""
    if not scene.page:
        return GONE
    answer = scene.web.get(scene.page)
    return scene.which(answer.text) if answer.status_code == 200 else GONE


def file(scene: Scene) -> str:
    """The file, as everybody may ask for it."""
    return _opens(scene, scene.file)


def link(scene: Scene) -> str:
    """The address of the file that a member was given while the video was a draft."""
    return _opens(scene, scene.link)


def ledger(scene: Scene) -> str:
    """What the act left in the ledger of this video, oldest first."""
    events = scene.do("GET", "/api/v1/events/?page_size=50")["results"]
    mine = [
        f"{each['type']} ({each['api']})"
        for each in reversed(events)
        if each["id"] > scene.marks[-1]
        and each["subject"]["id"] == scene.video["uid"]
        and each["api"] != "jobs"
    ]
    return ", ".join(mine) or GONE


def _landing(scene: Scene, channel: str) -> str:
    """What the page of a channel plays, at the address that the Shares API tells now."""
    [told] = [each for each in scene.do("GET", scene.share_path) if each["channel"] == channel]
    return _played(scene, told["publicUrl"])


def _played(scene: Scene, address: str) -> str:
    answer = scene.web.get(address)
    if answer.status_code == 404:
        return GONE
    source = unescape(answer.text.partition("<source")[2].partition('src="')[2].partition('"')[0])
    if scene.video["uid"] not in source:
        return ANOTHER
    return "plays" if _opens(scene, source) == "open" else "shows what is closed"


def _opens(scene: Scene, address: str) -> str:
    if not address:
        return GONE
    status = scene.web.head(address).status_code
    return {200: "open", 404: "closed"}[status]


READERS: dict[str, Reader] = {
    reader.__name__: reader
    for reader in (
        videos,
        productions,
        sessions,
        publication,
        dev,
        staging,
        prod,
        first_prod,
        feed,
        page,
        file,
        link,
        ledger,
    )
}
