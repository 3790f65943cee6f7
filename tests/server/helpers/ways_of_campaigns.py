"""The ways in which a distribution ends: its campaign, its targets, itself."""

from dataclasses import dataclass
from typing import Any

from tests.helpers.live import until
from tests.server.helpers.ending import Ending, end_soon
from tests.server.helpers.hammering import Asked
from tests.server.helpers.site import Site


@dataclass(frozen=True)
class Campaign:
    """A production with a campaign: paths of both and of its stream in the API, what it plays."""

    path: str
    stream: str
    asked: list[Asked]


def campaign(site: Site, **settings: object) -> Campaign:
    production = f"/productions/{site.video()['id']}"
    sent = [{"name": each, "settings": {"format": each}} for each in ("HLS", "MP4")]
    site.call("post", f"{production}/distributions", sent)

    def ready() -> list[dict[str, Any]] | None:
        found = site.call("get", f"{production}/distributions")["data"]
        return found if all(each["status"] == "ready" for each in found) else None

    made = until(ready, 60, "the distributions are ready")
    spring = [{"name": "Spring", "settings": settings}]
    activation = site.call("post", f"{production}/activations", spring)["data"][0]["id"]
    urls = [each["playback_url"].removeprefix(site.live.url) for each in made]
    (stream,) = [each["id"] for each in made if each["settings"]["format"] == "HLS"]
    lists = [each for url in urls if ".m3u8" in url for each in site.renditions(url)]
    return Campaign(
        f"{production}/activations/{activation}",
        f"{production}/distributions/{stream}",
        [Asked(each) for each in (*urls, *lists)],
    )


def ended_in_time(site: Site) -> Ending:
    spring = campaign(site)

    return Ending(
        spring.asked,
        lambda: end_soon(lambda at: site.call("patch", spring.path, {"settings": {"endDate": at}})),
    )


def aimed_elsewhere(site: Site) -> Ending:
    spring = campaign(site, targeting={"platforms": ["web"]})
    change = {"settings": {"targeting": {"platforms": ["tv"]}}}
    return Ending(spring.asked, lambda: site.call("patch", spring.path, change))


def distribution_deleted(site: Site) -> Ending:
    spring = campaign(site)
    lists = [each for each in spring.asked if ".m3u8" in each.path]
    return Ending(lists, lambda: site.call("delete", spring.stream))


WAYS = {
    "campaign ends": ended_in_time,
    "campaign for other platforms": aimed_elsewhere,
    "distribution deleted": distribution_deleted,
}
