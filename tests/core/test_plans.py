"""How PostgreSQL answers lists of 100,000 rows: nothing that it reads or sorts grows with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from playout.core.permissions import Role
from playout.core.videos.listing import ORDERINGS
from playout.web import application
from tests.helpers.other_database import other_runtime
from tests.helpers.statements import Statement, recorded_statements
from tests.helpers.tenants import Tenant, bearer, found_tenant

pytestmark = pytest.mark.slow

ROWS = 100_000
MOST_READ = 7_500
"""Rows that one step of a plan may read. A count stops at 1,000 rows, and of those on its way to
them some may not match."""
JOINS = {"Hash Join", "Merge Join", "Nested Loop"}
MOST_SORTED = 250
"""Rows that may be sorted: a page of the largest size, and one more."""
VIDEOS = """
INSERT INTO videos (uid, session_id, organization_id, project_id, title, description, visibility,
    is_draft, status, external_url, tag_ids, tag_names, language, category_id, is_active, settings,
    epoch, created_at, created_by, updated_at, updated_by)
SELECT gen_random_uuid(), substr(md5(number || project::text), 1, 24), organization, project,
    'Listed video ' || number, CASE number %% 1000 WHEN 7 THEN 'with a zebra' END,
    (CASE WHEN number <= 50 THEN 'public' WHEN number %% 2 = 0 THEN 'private' ELSE 'org' END),
    number %% 2 = 0, 'completed', 'https://cdn.example.com/v.mp4',
    (CASE WHEN number %% 3 = 0 THEN ARRAY[%(common)s] WHEN number %% 5000 = 0 THEN ARRAY[%(rare)s]
        ELSE '{}' END)::bigint[], '{}', CASE WHEN number %% 4 = 0 THEN 'de' ELSE 'en' END,
    CASE WHEN number %% 5 = 0 THEN %(category)s::bigint END, true, '{}', 0,
    now() - number * interval '1 minute', 'tests', now() - number * interval '1 minute', 'tests'
FROM generate_series(1, %(rows)s) AS number,
    (VALUES (%(organization)s::bigint, %(project)s::bigint),
        (%(other_organization)s, %(other_project)s)) AS places (organization, project)
"""
PUBLICATIONS = """
WITH published AS (
    INSERT INTO slugs (slug, base, number, video_id)
    SELECT 'listed-' || id, 'listed', id, id FROM videos WHERE NOT is_draft RETURNING slug, video_id
)
INSERT INTO publications (id, video_id, slug, created_at, updated_at)
SELECT videos.session_id, video_id, slug, videos.created_at + (CASE visibility
    WHEN 'public' THEN interval '-1 year' ELSE interval '0' END), videos.updated_at
FROM published JOIN videos ON videos.id = video_id
"""
EVENTS = """
INSERT INTO ledger (at, event, organization_id, project_id, subject_type, subject_id, actor_kind,
    actor_id, actor_name, api, changes, names)
SELECT now() - number * interval '1 minute',
    CASE number %% 10 WHEN 0 THEN 'video.published' ELSE 'video.created' END,
    organization, project, 'video', gen_random_uuid()::text, 'key', (number %% 3)::text, 'tests',
    'tests', '{}', '{}'
FROM generate_series(1, %(rows)s) AS number,
    (VALUES (%(organization)s::bigint, %(project)s::bigint),
        (%(other_organization)s, %(other_project)s)) AS places (organization, project)
"""
GALLERY = "SELECT write_gallery_entries(array_agg(video_id)) FROM publications"
"""As the migration does it: the trigger would take a minute for so many rows."""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE NOT indisunique AND indrelid IN ('videos'::regclass, 'slugs'::regclass,
    'publications'::regclass, 'ledger'::regclass, 'gallery_entries'::regclass)
"""

FORGET_TAGS = """
DELETE FROM pg_statistic USING pg_attribute WHERE starelid = 'videos'::regclass
    AND attrelid = starelid AND attname = 'tag_ids' AND attnum = staattnum
"""


@pytest.fixture(scope="module")
def crowded(runtime) -> Iterator[tuple[Any, TestClient, Tenant, dict[str, Any]]]:
    """A server on a database of its own, with two organizations of 100,000 videos and events."""
    with other_runtime(runtime, "crowded") as here, TestClient(application(here)) as client:
        small, tenant = found_tenant(here), found_tenant(here)
        body = {"title": "An early video", "workspace": small.project_id}
        for _ in range(3):
            client.post("/api/v1/videos/", json=body, headers=small.headers)
        ids = _fill(here, client, tenant) | {"small": small.key}
        yield here, client, tenant, ids


def _fill(here, client: TestClient, tenant: Tenant) -> dict[str, int]:
    other = found_tenant(here)

    def create(path: str, name: str) -> int:
        answer = client.post(f"/api/v1/{path}/", json={"name": name}, headers=tenant.headers)
        return answer.json()["id"]

    ids = {
        "rows": ROWS,
        "organization": tenant.organization.id,
        "project": tenant.project_id,
        "other_organization": other.organization.id,
        "other_project": other.project_id,
        "common": create("tags", "common"),
        "rare": create("tags", "rare"),
        "category": create("categories", "A category"),
    }
    with psycopg.connect(here.database.url, autocommit=True) as connection:
        with connection.transaction(), _without_indexes(connection):
            connection.execute("ALTER TABLE publications DISABLE TRIGGER gallery_of_new")
            for statement in (VIDEOS, PUBLICATIONS, EVENTS):
                connection.execute(statement, ids)
            connection.execute(GALLERY)
            connection.execute("ALTER TABLE publications ENABLE TRIGGER gallery_of_new")
        connection.execute("VACUUM ANALYZE")
    return ids


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Create the indexes again at the end: for all rows at once that is a tenth of the work."""
    indexes = connection.execute(INDEXES).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    # The checks of foreign keys wait for the end otherwise, and would keep the tables.
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _, definition in indexes:
        connection.execute(definition)


@pytest.fixture
def check(crowded):
    """Asks for a path, and looks at the plan of every query that this takes."""
    here, client, tenant, ids = crowded

    def check(
        path: str,
        role: Role | None = Role.ORGANIZATION_ADMIN,
        key: str = "",
        *,
        joins_videos: bool = True,
    ) -> Any:
        headers = bearer(key or tenant.keys[role]) if role else {}
        path = path.format(**ids)
        client.get(path, headers=headers)
        here.invalidations.publish(None)
        client.get("/api/v1/tags/", headers=headers)  # from here on the key is known
        with recorded_statements(here) as statements:
            answer = client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        queries = [each for each in statements if " FROM " in each.text.replace("\n", " ")]
        assert queries
        for each in queries:
            _check_plan(here, each, joins_videos)
        return answer

    return check


def _check_plan(here, statement: Statement, joins_videos: bool) -> None:
    with psycopg.connect(here.database.url) as connection:
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}"
        ((found,),) = connection.execute(explain, statement.parameters).fetchall()
    (plan,) = found
    joins = [node for node in _nodes(plan["Plan"]) if node["Node Type"] in JOINS]
    assert joins_videos or max(map(_scans_of_videos, joins), default=0) < 2, statement
    for node in _nodes(plan["Plan"]):
        told = f"{node['Node Type']} {node} in {statement}"
        read = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        assert read <= MOST_READ, told
        if node["Node Type"] in {"Sort", "Incremental Sort"}:
            below = node["Plans"][0]
            assert below["Actual Rows"] * below["Actual Loops"] <= MOST_SORTED, told


def _scans_of_videos(plan: dict[str, Any]) -> int:
    return sum(node.get("Relation Name") == "videos" for node in _nodes(plan))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


FILTERS = (
    *("workspace={project}", "status=completed", "status=failed", "visibility=org"),
    *("visibility=public", "visibility=team", "is_draft=true", "is_draft=false"),
    *("category={category}", "category=999999", "subcategory=1", "owner=1"),
    *("language=de", "language=fr", "tags={common}", "tags={rare}"),
)
SEARCHES = ("search=video", "search=zebra", "search=none", "search=video zebra")


class TestVideos:
    @pytest.mark.parametrize("order", ORDERINGS)
    def test_orders(self, check, order):
        check(f"/api/v1/videos/?ordering={order}")

    @pytest.mark.parametrize("order", ["title", "-updated_at", "newest"])
    def test_orders_of_one_project(self, check, order):
        check(f"/api/v1/videos/?workspace={{project}}&ordering={order}")

    @pytest.mark.parametrize("condition", [*FILTERS, *SEARCHES])
    def test_filters_and_searches(self, check, condition):
        check(f"/api/v1/videos/?{condition}")

    @pytest.mark.parametrize("order", ["newest", "title", "-updated_at"])
    @pytest.mark.parametrize("condition", ["search=video", "search=zebra", "tags={common}"])
    def test_words_and_tags_read_the_table_once(self, check, condition, order):
        # Joined with itself, a table of this size is read as a whole.
        check(f"/api/v1/videos/?{condition}&ordering={order}", joins_videos=False)

    def test_what_is_not_counted_further_says_so(self, check):
        answer = check("/api/v1/videos/?search=video")
        assert answer.json()["count"] == 1_000
        assert answer.headers["count-is-limited"] == "true"
        assert "count-is-limited" not in check("/api/v1/videos/?status=completed").headers

    @pytest.mark.parametrize("condition", ["", "status=completed&", "visibility=private&"])
    def test_the_last_page_is_as_near_as_the_first(self, check, condition):
        count = check(f"/api/v1/videos/?{condition}").json()["count"]
        answer = check(f"/api/v1/videos/?{condition}page_size=200&page={-(-count // 200)}").json()
        assert answer["next"] is None
        first = check(f"/api/v1/videos/?{condition}page_size=200&ordering=id").json()
        last = {each["id"] for each in answer["results"]}
        assert last <= {each["id"] for each in first["results"]}

    @pytest.mark.parametrize("order", ["-id", "title", "-updated_at", "status"])
    def test_a_cursor_skips_nothing(self, check, order):
        path = f"/api/v1/videos/?page_size=10&ordering={order}"
        for _ in range(3):
            path = check(path).json()["next"].removeprefix("http://testserver")

    @pytest.mark.parametrize("condition", ["", "ordering=id", "ordering=title", "search=early"])
    def test_an_early_organization_does_not_read_the_videos_of_others(
        self, check, crowded, condition
    ):
        small = crowded[3]["small"]
        assert check(f"/api/v1/videos/?{condition}", key=small).json()["count"] == 3

    @pytest.mark.parametrize("condition", ["tags={rare}", "tags=999999"])
    def test_a_tag_of_which_nothing_is_known_is_looked_up(self, check, crowded, condition):
        # PostgreSQL then expects it at one video in two hundred, and to meet many soon.
        database = crowded[0].database.url
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(FORGET_TAGS)
            check(f"/api/v1/videos/?{condition}")
            connection.execute("ANALYZE videos (tag_ids)")

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER])
    def test_roles(self, check, role):
        check("/api/v1/videos/", role)


class TestOthers:
    @pytest.mark.parametrize(
        "condition",
        [
            *("", "type=video.published", "type=video.*", "type=share.*", "type=share.created"),
            "type=none.*",
            *("workspace={project}", "subject=video", "subject=share", "actor=key:1"),
            *("since=2020-01-01T00:00:00Z", "since=2100-01-01T00:00:00Z"),
            *("until=2020-01-01T00:00:00Z", "until=2100-01-01T00:00:00Z"),
        ],
    )
    def test_events(self, check, condition):
        check(f"/api/v1/events/?{condition}")

    @pytest.mark.parametrize("path", ["/productions", "/v1/video/list_completed_video_sessions"])
    def test_other_lists(self, check, path):
        check(path)

    @pytest.mark.parametrize(
        "path",
        ["/", "/?q=video", "/?q=zebra", "/?q=nothing", "/?language=de", "/?q=listed&language=en"],
    )
    def test_the_gallery(self, check, path):
        check(path, None)

    @pytest.mark.parametrize("path", ["/feed.rss", "/sitemap.xml", "/sitemap/videos.xml"])
    def test_feeds_and_sitemaps(self, check, path):
        check(path, None)
