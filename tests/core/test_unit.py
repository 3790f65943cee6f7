"""A unit of work: its events and its invalidations commit with the work, or not at all."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text

from playout.core.ledger.model import Subject
from playout.core.principal import OPERATOR
from playout.core.publications import details
from playout.core.unit import Origin, WriteUnit
from playout.core.videos import queries
from playout.core.videos import service as videos
from playout.core.videos.model import Video
from playout.kit.errors import Unavailable
from playout.kit.ids import hex24

SUBJECT = Subject("test", "end", None)
HANG_UP = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE query LIKE '%the last to be heard%' AND pid <> pg_backend_pid()"
)


def number_of(runtime, slug: str) -> int:
    with runtime.database.read_session() as session:
        return session.scalar(text("SELECT count(*) FROM slugs WHERE slug = :slug"), {"slug": slug})


@pytest.fixture
def take(runtime, make_video):
    """Takes a slug in a unit of work, and does something else before it ends."""
    statement = text("INSERT INTO slugs VALUES (:slug, :slug, 1, :video)")
    video = make_video()["id"]

    def take(slug: str, then: Callable[[WriteUnit], object]) -> None:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            unit.session.execute(statement, {"slug": slug, "video": video})
            then(unit)

    return take


def refused(unit: WriteUnit) -> None:
    """Record what the database refuses."""
    unit.record(None, SUBJECT)  # type: ignore[arg-type]


def hang_up(runtime, unit: WriteUnit) -> None:
    """The database ends the connection that the unit works on."""
    unit.session.execute(text("SELECT 'the last to be heard'"))
    with runtime.database.read_session() as session:
        assert session.scalar(HANG_UP)


class TestCommit:
    def test_an_event_that_the_database_refuses_rolls_the_work_back(self, runtime, take):
        slug = hex24()
        with pytest.raises(psycopg.errors.NotNullViolation):
            take(slug, refused)
        assert number_of(runtime, slug) == 0

    def test_the_connection_of_a_refused_commit_serves_the_next_unit(self, runtime, take):
        for _ in range(runtime.settings.database_pool + 1):
            with pytest.raises(psycopg.errors.NotNullViolation):
                take(hex24(), refused)
        slug = hex24()
        take(slug, lambda unit: unit.record("tests.recorded", SUBJECT))
        assert number_of(runtime, slug) == 1

    def test_a_database_that_closes_the_connection_before_the_commit_is_unavailable(
        self, runtime, take
    ):
        slug = hex24()
        with pytest.raises(Unavailable):
            take(slug, lambda unit: hang_up(runtime, unit))
        assert number_of(runtime, slug) == 0

    def test_connections_that_were_closed_serve_no_unit_again(self, runtime, take):
        for _ in range(runtime.settings.database_pool + 1):
            with pytest.raises(Unavailable):
                take(hex24(), lambda unit: hang_up(runtime, unit))
        for _ in range(runtime.settings.database_pool + 1):
            take(hex24(), lambda unit: unit.record("tests.recorded", SUBJECT))


@pytest.fixture
def change(runtime, tenant, make_video):
    """Runs something on a locked video in a unit of work; returns the unit and the video."""
    id = make_video()["id"]

    def change(use: Callable[[WriteUnit, Video], object]) -> tuple[WriteUnit, Video]:
        principal = runtime.credentials.resolve(tenant.key)
        with runtime.work.write(principal, Origin("tests")) as unit:
            video = videos.get_for_update(unit, id)
            use(unit, video)
        return unit, video

    return change


class TestRecord:
    def test_a_changed_row_has_a_new_etag_and_the_name_of_the_caller(self, change, tenant):
        _, before = change(lambda unit, video: None)
        unit, video = change(lambda unit, video: unit.record("video.updated", video))
        assert video.updated_at == unit.now
        assert video.updated_by == unit.principal.name
        assert video.etag != before.etag

    def test_everything_in_memory_of_a_changed_row_is_invalidated(self, change, tenant):
        unit, video = change(lambda unit, video: unit.record("video.updated", video))
        assert set(unit.invalidated) == {
            f"video:{video.uid}",
            "feed",
            f"project:{tenant.project_id}",
            f"ledger:{tenant.organization.id}",
            f"answers:{tenant.organization.id}",
        }

    def test_a_row_that_moves_changes_both_projects(self, change, tenant):
        moved = {"project_id": [1, 2]}
        unit, _ = change(lambda unit, video: unit.record("video.updated", video, moved))
        assert {"project:1", "project:2"} <= set(unit.invalidated)

    @pytest.mark.parametrize(
        "record",
        [
            lambda unit, video: unit.record("video.created", video),
            lambda unit, video: unit.record("video.looked_at", video.subject),
        ],
        ids=["a new row", "an event without a change"],
    )
    def test_what_changes_no_row_leaves_it_as_it_is(self, change, tenant, record):
        _, before = change(lambda unit, video: None)
        unit, video = change(record)
        assert video.etag == before.etag
        assert set(unit.invalidated) == {
            f"project:{tenant.project_id}",
            f"ledger:{tenant.organization.id}",
            f"answers:{tenant.organization.id}",
        }


class TestTouch:
    def test_a_row_can_change_without_an_event(self, change, tenant):
        unit, video = change(lambda unit, video: unit.touch(video))
        assert unit.recorded == []
        assert video.updated_at == unit.now
        assert {f"video:{video.uid}", "feed"} <= set(unit.invalidated)


class TestInvalidate:
    def test_what_is_in_memory_of_a_row_can_change_without_the_row(self, change, tenant):
        _, before = change(lambda unit, video: None)
        unit, video = change(lambda unit, video: unit.invalidate(video))
        assert video.etag == before.etag
        assert set(unit.invalidated) == {
            f"video:{video.uid}",
            f"answers:{tenant.organization.id}",
            "feed",
            f"project:{tenant.project_id}",
        }


class TestReadWithLock:
    def test_what_was_read_beside_one_row_is_not_given_for_another(
        self, runtime, web, tenant, make_video
    ):
        body = {"name": "A category"}
        made = web.post("/api/v1/categories/", json=body, headers=tenant.headers)
        locked, other = make_video()["id"], make_video(category=made.json()["id"])["id"]
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            details.read_with_lock(unit, locked)
            queries.for_update(unit, locked)
            shown = [details.of_video(unit, queries.by_id(unit, each)) for each in (other, locked)]
        assert [each.category for each in shown] == ["A category", None]

    def test_a_row_that_the_unit_has_read_is_read_again(self, runtime, make_video):
        video = make_video(title="Before")["id"]
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            known = queries.by_id(unit, video)
            with runtime.work.write(OPERATOR, Origin("tests")) as another:
                queries.for_update(another, video).title = "After"
            assert queries.for_update(unit, video) is known
            assert known.title == "After"
