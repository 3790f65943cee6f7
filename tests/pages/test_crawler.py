"""A crawler on a site of many pages: nothing is broken, private or without its size."""

import psycopg
import pytest
from starlette.testclient import TestClient

from playout.web import application
from tests.helpers.other_database import other_runtime
from tests.helpers.tenants import found_tenant
from tests.pages.helpers.crawler import Crawl, crawl
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.taking_back import Stage

pytestmark = pytest.mark.slow
PUBLIC, STORED = 80, 12
SECRET = "Secret7341"
VIDEOS = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, description, visibility,
    is_draft, status, external_url, tag_ids, tag_names, is_active, settings, epoch,
    created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(number::text), 1, 24), %(organization)s, %(project)s,
    CASE WHEN number <= %(public)s THEN 'Shown ' ELSE 'Secret7341 ' END || number,
    'See https://elsewhere.example/' || number,
    CASE WHEN number <= %(public)s OR number %% 4 = 0 THEN 'public'
        WHEN number %% 4 = 1 THEN 'org' ELSE 'private' END,
    number > %(public)s AND number %% 4 = 0, 'completed', 'https://cdn.example.com/v.mp4', '{}',
    '{}', true, '{}', 0, now(), 'tests', now(), 'tests'
FROM generate_series(1, %(public)s + 200) AS number
"""
PUBLICATIONS = """
WITH published AS (
    INSERT INTO slugs (slug, base, number, video_id)
    SELECT 'listed-' || id, 'listed', id, id FROM videos
    WHERE NOT is_draft AND id NOT IN (SELECT video_id FROM slugs) RETURNING slug, video_id
)
INSERT INTO publications (id, video_id, slug, tags, creator_handle, is_public, created_at,
    updated_at)
SELECT videos.session_id, video_id, slug, ARRAY['tag ' || video_id %% 7], 'maker-' || video_id %% 5,
    visibility = 'public', now() - video_id * interval '1 hour', now()
FROM published JOIN videos ON videos.id = video_id
"""


@pytest.fixture(scope="module")
def crawled(runtime, tmp_path_factory) -> Crawl:
    with other_runtime(runtime, "crawled") as here, TestClient(application(here)) as web:
        tenant = found_tenant(here)
        landing = Landing(web, tenant.headers)
        stage = Stage(web, here, tenant, tmp_path_factory.mktemp("crawled"), landing)
        allow_sites(web, tenant, "https://blog.example")
        for number in range(STORED):
            stage.publish(stage.enter(title=f"Shown stored {number}", visibility="public"))
        stage.enter(title="Secret7341 draft")
        share = landing.put()
        ids = {"organization": tenant.organization.id, "project": tenant.project_id}
        with psycopg.connect(here.database.url, autocommit=True) as connection:
            connection.execute(VIDEOS, ids | {"public": PUBLIC - STORED})
            connection.execute(PUBLICATIONS.replace("%%", "%"))
        here.invalidations.publish(None)
        starts = ("/", "/robots.txt", "/llms.txt", "/sitemap.xml", f"/s/{share['slug']}")
        return crawl(web, *starts)


def test_no_link_is_broken(crawled) -> None:
    assert crawled.broken == []


def test_it_reaches_each_page_and_each_player(crawled) -> None:
    for folder in ("/v/", "/embed/v/"):
        assert len([each for each in crawled.pages if each.startswith(folder)]) >= PUBLIC
    for name in ("/feed.rss", "/feed.atom", "/feed.json"):
        assert len([each for each in crawled.texts if each.startswith(name)]) > PUBLIC // 24


def test_no_private_title_is_anywhere(crawled) -> None:
    telling = [path for path, text in (crawled.pages | crawled.texts).items() if SECRET in text]
    assert telling == []


def test_each_page_has_one_canonical_address(crawled) -> None:
    for path, html in crawled.pages.items():
        page = Page(html)
        links = page.all("link", rel="canonical")
        is_hidden = page.meta("robots") == ["noindex"]
        assert len(links) == 1 or (is_hidden and not links), path
        if not is_hidden:
            assert links[0]["href"] == f"http://testserver{path.partition('?t=')[0]}", path


def test_each_picture_has_its_size(crawled) -> None:
    for path, html in crawled.pages.items():
        page = Page(html)
        for picture in page.all("img"):
            assert picture.get("width"), (path, picture)
            assert picture.get("height"), (path, picture)
        assert len(page.meta("og:image")) == len(page.meta("og:image:width")), path
