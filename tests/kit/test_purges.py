"""A cache in front hears of every change, also after it was away."""

from collections.abc import Iterator

import pytest

from playout.kit.cache_tags import EVERYTHING, cache_tag
from playout.kit.purges import Purges
from tests.helpers.live import until
from tests.helpers.webhook_receiver import Received, Receiver, answer, receiving

PATH = "/purge"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def purges(runtime, receiver) -> Iterator[Purges]:
    purges = Purges(receiver.url(PATH), runtime.invalidations)
    purges.start()
    receiver.wait(1, PATH)
    yield purges
    purges.stop()


def tags(receiver: Receiver) -> list[str]:
    return [tag for each in receiver.at(PATH) for tag in each.message["tags"]]


def first_with(receiver: Receiver, tag: str) -> Received:
    """The first request with a tag."""

    def found() -> list[Received]:
        return [each for each in receiver.at(PATH) if tag in each.message["tags"]]

    first: Received = until(found, 10, tag)[0]
    return first


class TestPurges:
    def test_it_begins_with_everything(self, receiver, purges) -> None:
        assert set(tags(receiver)) == {EVERYTHING}
        assert receiver.at(PATH)[0].headers["surrogate-key"] == EVERYTHING

    def test_each_change_is_sent_with_its_tag_and_not_with_its_name(
        self, receiver, purges, runtime
    ) -> None:
        runtime.invalidations.publish(["video:1", "feed"])
        sent = first_with(receiver, cache_tag("video:1"))
        assert sent.headers["surrogate-key"].split() == [cache_tag("video:1"), cache_tag("feed")]
        assert b"video" not in sent.body

    def test_what_was_refused_is_sent_again_with_what_came_meanwhile(
        self, receiver, purges, runtime
    ) -> None:
        receiver.answers[PATH] = answer(500)
        runtime.invalidations.publish(["one"])
        first_with(receiver, cache_tag("one"))
        runtime.invalidations.publish(["two"])
        receiver.answers[PATH] = answer(204)
        sent = first_with(receiver, cache_tag("two"))
        assert cache_tag("one") in sent.message["tags"]

    def test_many_changes_go_in_requests_that_caches_can_read(
        self, receiver, purges, runtime
    ) -> None:
        keys = [f"video:{number}" for number in range(250)]
        runtime.invalidations.publish(keys)
        wanted = {cache_tag(each) for each in keys}
        until(lambda: wanted <= set(tags(receiver)), 10, "all tags")
        assert max(len(each.message["tags"]) for each in receiver.at(PATH)) == 100

    def test_each_is_sent_again_for_a_cache_that_asked_a_process_too_early(
        self, receiver, purges, runtime
    ) -> None:
        runtime.invalidations.publish(["video:1"])
        until(lambda: tags(receiver).count(cache_tag("video:1")) == 3, 10, "the last time")

    def test_when_anything_may_have_changed_everything_goes(
        self, receiver, purges, runtime
    ) -> None:
        until(lambda: tags(receiver) == [EVERYTHING] * 3, 10, "the beginning is over")
        runtime.invalidations.publish(None)
        assert receiver.wait(4, PATH)[3].message == {"tags": [EVERYTHING]}
