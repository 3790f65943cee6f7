"""Promises of publishing that no API lets a client check."""

import pytest

from playout.core.principal import OPERATOR
from playout.core.publications import service
from playout.core.publications.model import PublishInput
from playout.core.unit import Origin
from playout.core.videos import service as videos

ELSEWHERE = "https://cdn.example.com/final.mp4"


@pytest.fixture
def publish(runtime, tenant):
    """Publishes a new video of that title, with these fields."""

    def publish(title: str, /, **fields: object):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            new = {"title": title, "project_id": tenant.project_id}
            video = videos.create(unit, new, external_url=ELSEWHERE)
            return service.publish(unit, PublishInput(video.session_id, fields))

    return publish


class TestTitle:
    @pytest.mark.parametrize("title", ["", " ", "\t\n"])
    def test_a_video_without_one_is_untitled(self, publish, title):
        out = publish(title)
        assert out.publication.public_fields(out.video)["title"] == "Untitled Video"
        assert out.publication.slug.startswith("untitled-video")

    def test_a_title_that_is_sent_wins(self, publish):
        assert publish("", title="Said").publication.title == "Said"


class TestTransaction:
    def test_a_later_failure_leaves_no_publication_and_frees_its_slug(self, runtime, publish):
        def fail() -> None:
            with runtime.work.write(OPERATOR, Origin("tests")) as unit:
                service.publish(unit, PublishInput(session_id, {"title": "Doomed to fail"}))
                raise RuntimeError

        session_id = publish("Another").video.session_id
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            service.revoke(unit, session_id)
        with pytest.raises(RuntimeError):
            fail()
        assert publish("Doomed to fail").publication.slug == "doomed-to-fail"

    def test_memory_is_invalidated_after_the_commit_only(self, runtime, publish):
        keys = []
        runtime.invalidations.subscribe(lambda some: keys.extend(some or ()))
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            unit.invalidate("tests:committed")
            assert "tests:committed" not in keys
        assert "tests:committed" in keys
