"""The work on a video, followed as server-sent events."""

import json
import threading
from itertools import pairwise

import pytest

from tests.api.helpers.streams import VP9, sounding
from tests.api.helpers.uploads import clip, upload

pytestmark = pytest.mark.usefixtures("ladders")

CONTENT = sounding(VP9, "960x540", 3, "webm")


@pytest.fixture
def draft(make_video):
    return make_video(external_url=None)


@pytest.fixture
def follow(web, tenant):
    """All that a stream tells, until it ends."""

    def follow(video, seconds: int = 60) -> list[dict[str, object]]:
        path = f"/api/v1/videos/{video['id']}/progress/?seconds={seconds}"
        answer = web.get(path, headers=tenant.headers)
        assert answer.status_code == 200, answer.text
        lines = [line for line in answer.text.splitlines() if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]

    return follow


class TestFollowing:
    def test_it_tells_each_step_from_the_upload_to_the_last_rendition(
        self, web, tenant, draft, follow
    ):
        told: list[dict[str, object]] = []
        follower = threading.Thread(target=lambda: told.extend(follow(draft)))
        follower.start()
        upload(web, tenant.headers, draft, CONTENT)
        follower.join(60)
        assert not follower.is_alive()
        assert told[0]["status"] == "not_started"
        steps = [each["status"] for each in told]
        assert sorted(steps, key=["not_started", "in_progress", "completed"].index) == steps
        assert all(before != after for before, after in pairwise(told))
        assert (told[-1]["ladder"], told[-1]["ladder_progress"]) == ("ready", 100)
        assert {"240p", "360p", "480p", "720p", "audio"} <= {*told[-1]["renditions"]}

    def test_what_is_done_is_told_once(self, web, tenant, draft, follow):
        upload(web, tenant.headers, draft, b"no video at all")
        [only] = follow(draft)
        assert (only["status"], only["progress"]) == ("failed", 0)
        assert "text file" in only["failure_reason"]

    def test_what_nobody_works_on_is_waited_for_as_long_as_one_asks(self, draft, follow):
        [only] = follow(draft, seconds=1)
        assert only["status"] == "not_started"

    def test_a_new_source_tells_of_itself_while_the_old_one_plays(self, web, tenant, draft, follow):
        upload(web, tenant.headers, draft, clip())
        assert follow(draft)[-1]["ladder"] == "ready"
        path = f"/api/v1/videos/{draft['id']}/source/"
        web.put(path, content=clip(), headers=tenant.headers)
        steps = follow(draft)
        assert (steps[0]["status"], steps[0]["ladder"]) == ("in_progress", "ready")
        assert steps[-1]["status"] == "completed"
