"""Times that begin before the clocks go back and end after it, with nobody at work at the end."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from playout.core.ledger.model import Entry
from playout.kit.clock import utcnow
from playout.ticker import tick
from tests.pages.helpers.stored_video import store

pytestmark = pytest.mark.slow

SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
EDGES = {
    *("video.published", "video.unpublished"),
    *("activation.started", "activation.ended"),
    *("share.published", "share.expired"),
}


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process lives where clocks change."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    assert os.environ.get("TZ") != "Europe/Berlin"


@pytest.fixture
def ask(web, tenant):
    """Calls an API of the tenant; returns the JSON of the answer."""

    def ask(method: str, path: str, body: object = None):
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return ask


@pytest.fixture
def film(ask, runtime, tenant, tmp_path) -> Callable[[], dict]:
    """Makes a public video with a file, as a draft."""

    def film() -> dict:
        body = {"title": "Clocks", "workspace": tenant.project_id, "visibility": "public"}
        video = ask("POST", "/api/v1/videos/", body)
        store(runtime, UUID(video["uid"]), tmp_path / "file")
        return video

    return film


def test_nothing_plays_outside_of_its_time_and_each_edge_is_told_once(
    web, runtime, tenant, berlin, ask, film
):
    whole, timed = film(), film()
    ask("POST", f"/api/v1/videos/{whole['id']}/publish/")
    begin = utcnow() + timedelta(seconds=2)
    end = begin + timedelta(seconds=6)
    # By the clock on the wall, the end is an hour before the beginning.
    first, last = begin.astimezone(SUMMER).isoformat(), end.astimezone(WINTER).isoformat()
    assert first[:19] > last[:19]

    production = f"/productions/{whole['id']}"
    settings = {"format": "MP4"}
    made = ask("POST", f"{production}/distributions", [{"name": "Web", "settings": settings}])
    window = {"startDate": first, "endDate": last}
    ask("POST", f"{production}/activations", [{"name": "Night", "settings": window}])
    ask("PATCH", f"/api/v1/videos/{timed['id']}/", {"publish_at": first, "unpublish_at": last})
    link = ask(
        "POST", f"/api/v1/videos/{whole['id']}/links/", {"name": "Guest", "expires_at": last}
    )
    (project,) = ask("GET", "/api/Projects")
    share = f"/api/Projects/{project['id']}/public-video-shares/PROD"
    page = ask("PUT", share, {"publicTitle": "Night", "publishAt": first, "expiresAt": last})

    looked = {
        "distribution": made["data"][0]["playback_url"],
        "file of the timed video": urlsplit(
            ask("GET", f"/api/v1/videos/{timed['id']}/")["video"]
        ).path,
        "guest link": urlsplit(link["url"]).path,
        "share": urlsplit(page["publicUrl"]).path,
        "player of the share": urlsplit(page["publicUrl"]).path.replace("/s/", "/embed/s/"),
    }
    served: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in looked}
    while utcnow() < end + timedelta(seconds=1):
        if utcnow() < end:
            tick(runtime.work)  # nobody is at work from the end on
        for name, address in looked.items():
            asked = utcnow()
            if web.get(address).status_code == 200:
                served[name].append((asked, utcnow()))
        time.sleep(0.02)

    for name, times in served.items():
        assert times, name
        assert all(asked <= end for asked, _ in times), name
        assert name == "guest link" or all(answered >= begin for _, answered in times), name
    for _ in range(2):
        tick(runtime.work)
    with runtime.database.read_session() as session:
        query = select(Entry.event).where(Entry.organization_id == tenant.organization.id)
        told = [each for each in session.scalars(query) if each in EDGES]
    # One of the two videos was published by hand.
    assert sorted(told) == sorted([*EDGES, "video.published"])
