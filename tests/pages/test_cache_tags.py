"""What shared caches may keep, and that each change names a tag of what it changes."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from playout.kit.cache_tags import EVERYTHING, cache_tag
from playout.web import application
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.taking_back import WAYS, Stage

DOCUMENTS = ("/", "/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml", "/sitemap/videos.xml")


@pytest.fixture
def stage(web, runtime, tenant, tmp_path) -> Stage:
    return Stage(web, runtime, tenant, tmp_path, Landing(web, tenant.headers))


@pytest.fixture
def invalidated(runtime) -> set[str]:
    """The tags of what is invalidated from now on."""
    heard: set[str] = set()
    runtime.invalidations.subscribe(lambda keys: heard.update(map(cache_tag, keys or ())))
    return heard


def tags_of(answer) -> set[str]:
    """The tags of an answer; they are the same for every kind of cache."""
    tags = answer.headers["surrogate-key"].split()
    assert answer.headers["cache-tag"] == ",".join(tags)
    assert tags[0] == EVERYTHING
    return set(tags)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_take_a_file_back_purges_it_or_it_is_never_kept(
    way, web, stage, invalidated
) -> None:
    address, take_back = way(stage)
    answer = web.get(address)
    invalidated.clear()
    take_back()
    if "surrogate-key" in answer.headers:
        assert tags_of(answer) & invalidated
    else:
        assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("act", ["unpublish", "narrow", "rename", "delete"])
def test_each_change_of_a_video_purges_its_pages_and_all_lists(
    act, web, stage, invalidated
) -> None:
    allow_sites(web, stage.tenant, "*")
    video = stage.enter(visibility="public")
    stage.publish(video)
    page = stage.call("get", video).json()["custom_url"]
    before = {each: web.get(each) for each in (page, page.replace("/v/", "/embed/v/"), *DOCUMENTS)}
    invalidated.clear()
    {
        "unpublish": lambda: stage.call("delete", video, "publish/"),
        "narrow": lambda: stage.call("patch", video, json={"visibility": "org"}),
        "rename": lambda: stage.call("patch", video, json={"title": "Renamed"}),
        "delete": lambda: stage.call("delete", video),
    }[act]()
    for path, answer in before.items():
        assert tags_of(answer) & invalidated, path


@pytest.mark.parametrize("verb", ["disable", "rotate-slug"])
def test_each_change_of_a_share_purges_its_page_and_its_player(
    verb, web, stage, invalidated
) -> None:
    stage.enter()
    share = stage.landing.put()
    before = [web.get(f"/{folder}/{share['slug']}") for folder in ("s", "embed/s")]
    invalidated.clear()
    stage.landing.act(share, verb)
    for answer in before:
        assert tags_of(answer) & invalidated


def test_a_change_of_the_sites_purges_the_frames(web, stage, invalidated) -> None:
    video = stage.enter(visibility="public")
    stage.publish(video)
    page = stage.call("get", video).json()["custom_url"]
    before = web.get(page.replace("/v/", "/embed/v/"))
    invalidated.clear()
    allow_sites(web, stage.tenant, "https://blog.example")
    assert tags_of(before) & invalidated


def test_what_belongs_to_one_viewer_has_no_tags(web, stage) -> None:
    video = stage.enter(visibility="org")
    stage.publish(video)
    page = stage.call("get", video).json()["custom_url"]
    for path in (page, page.replace("/v/", "/embed/v/"), stage.address(video)):
        answer = web.get(path, headers=stage.tenant.headers)
        assert answer.status_code == 200
        assert "surrogate-key" not in answer.headers
    assert "surrogate-key" not in web.get(page).headers


def test_only_caches_that_hear_of_changes_may_keep_anything(runtime, web) -> None:
    assert "surrogate-control" not in web.get("/").headers
    settings = runtime.settings.model_copy(update={"purge_url": "http://127.0.0.1:6081/purge"})
    told = application(replace(runtime, settings=settings))
    answer = TestClient(told).get("/")
    assert answer.headers["surrogate-control"] == "max-age=300"
    assert answer.headers["cache-control"] == "no-cache"


def test_what_ends_at_a_planned_time_is_kept_for_a_moment_only(runtime, stage) -> None:
    video, later = stage.enter(visibility="public"), "2099-01-01T00:00:00Z"
    stage.publish(video)
    page = stage.call("get", video).json()["custom_url"]
    share = f"/s/{stage.landing.put()['slug']}"
    settings = runtime.settings.model_copy(update={"purge_url": "http://127.0.0.1:6081/purge"})
    told = TestClient(application(replace(runtime, settings=settings)))
    for path in (page, page.replace("/v/", "/embed/v/"), share):
        assert "surrogate-control" in told.get(path).headers, path
    change = {"visibility_at": [{"at": later, "visibility": "org"}]}
    stage.call("patch", video, json=change)
    stage.landing.put(expiresAt=later)
    told = TestClient(application(replace(runtime, settings=settings)))
    for path in (page, page.replace("/v/", "/embed/v/"), share):
        headers = told.get(path).headers
        assert "surrogate-key" in headers, path
        assert "surrogate-control" not in headers, path
