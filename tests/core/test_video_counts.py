"""The number of videos is exact, though nobody counts them."""

import threading

import pytest
from sqlalchemy import text

from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.core.videos import counts
from playout.core.videos import service as videos
from tests.helpers.statements import recorded_statements
from tests.helpers.tenants import bearer


@pytest.fixture
def numbers(runtime, tenant):
    """The number that the caller gets, and the number of rows; of one project or of all."""

    def numbers(project_id: int | None = None) -> tuple[int, int]:
        caller = runtime.credentials.resolve(tenant.key)
        counted = text(
            "SELECT count(*) FROM videos WHERE organization_id = :organization"
            " AND deleted_at IS NULL AND project_id = coalesce(:project, project_id)"
        )
        which = {"organization": caller.organization_id, "project": project_id}
        with runtime.work.read(caller) as unit:
            return counts.count_videos(unit, project_id), unit.session.scalar(counted, which)

    return numbers


@pytest.fixture
def project(runtime, tenant) -> int:
    """Another project of the tenant."""
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return projects.create(unit, tenant.organization, "Counted").id


class TestCounts:
    def test_entered_one_by_one_and_in_a_batch(self, web, tenant, make_video, numbers):
        make_video()
        batch = [{"name": f"Number {number}"} for number in range(7)]
        assert web.post("/productions", json=batch, headers=bearer(tenant.key)).is_success
        assert numbers() == (8, 8)

    def test_a_deleted_video_is_subtracted_once(self, web, tenant, make_video, numbers):
        make_video()
        path = f"/api/v1/videos/{make_video()['id']}/"
        for _ in range(2):
            web.delete(path, headers=bearer(tenant.key))
        assert numbers() == (1, 1)

    def test_a_moved_video_counts_in_its_new_project(
        self, web, tenant, make_video, numbers, project
    ):
        path = f"/api/v1/videos/{make_video()['id']}/"
        web.patch(path, json={"workspace": project}, headers=bearer(tenant.key))
        assert numbers(tenant.project_id) == (0, 0)
        assert numbers(project) == (1, 1)

    def test_a_video_that_was_rolled_back_does_not_count(self, runtime, tenant, numbers):
        def fail() -> None:
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                videos.create(unit, {"title": "Gone", "project_id": tenant.project_id})
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert numbers() == (0, 0)

    def test_compacting_changes_no_number_while_videos_are_created(
        self, runtime, make_video, numbers
    ):
        done = threading.Event()

        def compact() -> None:
            while not done.is_set():
                with runtime.database.write_session() as session:
                    counts.compact(session)

        compactors = [threading.Thread(target=compact) for _ in range(2)]
        for each in compactors:
            each.start()
        for expected in range(1, 30):
            make_video()
            assert numbers() == (expected, expected)
        done.set()
        for each in compactors:
            each.join()

    def test_a_list_does_not_count_its_videos(self, runtime, web, tenant, make_video):
        make_video()
        with recorded_statements(runtime) as statements:
            answer = web.get("/api/v1/videos/", headers=bearer(tenant.key))
        assert answer.json()["count"] == 1
        counting = [each.text for each in statements if "count(" in each.text.lower()]
        assert counting == []

    def test_a_sub_account_gets_the_number_of_its_own(self, web, tenant, make_video):
        key = tenant.sub_account_key()
        make_video()
        make_video(key)
        assert web.get("/api/v1/videos/", headers=bearer(key)).json()["count"] == 1
        assert web.get("/api/v1/videos/", headers=bearer(tenant.key)).json()["count"] == 2
