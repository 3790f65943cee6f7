"""Every use case that changes a video gives it a new ETag, and leaves no old page in memory."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from playout.core.unit import NOTIFY
from playout.core.videos.model import Video, VideoFields
from playout.core.videos.sections import SectionFields
from playout.kit.invalidation import CHANNEL
from tests.core.helpers.tools import until

VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
SECTION = {"order": 1, "content": []}


@pytest.fixture
def invalidated(runtime) -> list[str]:
    keys: list[str] = []
    runtime.invalidations.subscribe(lambda some: keys.extend(some or ()))
    return keys


@pytest.fixture
def forget(runtime, invalidated):
    """Forgets the keys so far. What was committed before is notified before a marker is."""

    def forget() -> None:
        marker = f"marker:{uuid4()}"
        with runtime.database.write_session() as session:
            session.execute(NOTIFY, {"channel": CHANNEL, "keys": marker})
        until(lambda: marker in invalidated)
        invalidated.clear()

    return forget


@pytest.fixture
def call(web, tenant):
    """Calls an API and returns the JSON of the answer."""

    def call(method: str, path: str, **options):
        headers = options.pop("headers", {}) | tenant.headers
        answer = web.request(method, path, headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return call


@pytest.fixture
def published(call, make_video):
    """The path of a published video, and its uid."""
    video = make_video(title="Before")
    path = f"/api/v1/videos/{video['id']}/"
    call("POST", f"{path}publish/")
    return path, video["uid"]


def captions(call, path: str) -> None:
    headers = {"content-type": "text/vtt"}
    call("PUT", f"{path}captions/en/", content=VTT, headers=headers)


def remove_captions(call, path: str) -> None:
    captions(call, path)
    call("DELETE", f"{path}captions/en/")


def section(call, path: str) -> str:
    added = call("POST", f"{path}sections/", json=SECTION)
    return f"{path}sections/{added['id']}/"


USE_CASES = {
    "change": lambda call, path: call("PATCH", path, json={"title": "After"}),
    "narrow the visibility": lambda call, path: call("PATCH", path, json={"visibility": "org"}),
    "set a source": lambda call, path: call(
        "PATCH", path, json={"external_url": "https://cdn.example.com/other.mp4"}
    ),
    "publish again": lambda call, path: call(
        "POST",
        "/v1/publications/publish",
        json={"session_id": call("GET", path)["session_id"], "title": "After"},
    ),
    "unpublish": lambda call, path: call("DELETE", f"{path}publish/"),
    "delete": lambda call, path: call("DELETE", path),
    "put captions": captions,
    "remove captions": remove_captions,
    "add a section": section,
    "change a section": lambda call, path: call(
        "PATCH", section(call, path), json={"title": "After"}
    ),
    "remove a section": lambda call, path: call("DELETE", section(call, path)),
    "rename the production": lambda call, path: call(
        "PATCH", f"/productions/{path.split('/')[-2]}", json={"name": "After"}
    ),
}


class TestChanges:
    @pytest.mark.parametrize("use_case", USE_CASES.values(), ids=USE_CASES)
    def test_the_etag_is_new_and_everything_in_memory_is_dropped(
        self, runtime, tenant, call, published, invalidated, forget, use_case
    ):
        path, uid = published
        with runtime.database.read_session() as session:
            before = session.scalars(select(Video).where(Video.uid == uid)).one()
        forget()
        use_case(call, path)
        with runtime.database.read_session() as session:
            after = session.scalars(select(Video).where(Video.uid == uid)).one()
        assert after.etag != before.etag
        assert {f"video:{uid}", "feed", f"project:{tenant.project_id}"} <= set(invalidated)

    def test_a_change_that_changes_nothing_leaves_the_etag_and_the_pages(
        self, runtime, call, published, invalidated, forget
    ):
        path, uid = published
        etag = call("GET", path)["updated_at"]
        forget()
        call("PATCH", path, json={"title": "Before"})
        assert call("GET", path)["updated_at"] == etag
        assert f"video:{uid}" not in invalidated


class TestTags:
    @pytest.fixture
    def tagged(self, call, make_video):
        """A tag, and the path and the public page of a video that has it."""
        tag = call("POST", "/api/v1/tags/", json={"name": "Winter"})
        video = make_video(tags=[tag["id"]], visibility="public")
        path = f"/api/v1/videos/{video['id']}/"
        page = call("POST", f"{path}publish/")["custom_url"].removeprefix("http://testserver")
        return f"/api/v1/tags/{tag['id']}/", path, page

    @pytest.mark.parametrize(
        ("method", "body", "names"),
        [("PATCH", {"name": "Spring"}, ["Spring"]), ("DELETE", None, [])],
    )
    def test_a_page_shows_the_tags_that_the_video_has_now(
        self, web, tenant, call, tagged, method, body, names
    ):
        tag, path, page = tagged
        etag = web.get(path, headers=tenant.headers).headers["etag"]
        until(lambda: '"Winter"' in web.get(page).text)
        call(method, tag, json=body)
        assert '"Winter"' not in web.get(page).text
        answer = web.get(path, headers=tenant.headers | {"if-none-match": etag})
        assert (answer.status_code, answer.json()["tag_names"]) == (200, names)


class TestFields:
    @pytest.mark.parametrize("fields", [VideoFields, SectionFields])
    def test_every_field_that_a_caller_may_set_is_a_column(self, fields):
        table = {VideoFields: "videos", SectionFields: "sections"}[fields]
        settable = set(fields.__annotations__) - {"password"}  # its hash is a column
        assert settable <= set(Video.metadata.tables[table].columns.keys())
