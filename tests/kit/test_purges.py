"""A cache in front hears of every change, also after it was away."""

from collections.abc import Iterator

import pytest

from playout.kit.cache_tags import EVERYTHING, cache_tag
from playout.kit.purges import Purges
from tests.helpers.webhook_receiver import Receiver, answer, receiving

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


class TestPurges:
    def test_it_begins_with_everything(self, receiver, purges) -> None:
        assert tags(receiver) == [EVERYTHING]
        assert receiver.at(PATH)[0].headers["surrogate-key"] == EVERYTHING

    def test_each_change_is_sent_with_its_tag_and_not_with_its_name(
        self, receiver, purges, runtime
    ) -> None:
        runtime.invalidations.publish(["video:1", "feed"])
        sent = receiver.wait(2, PATH)[1]
        assert sent.headers["surrogate-key"].split() == [cache_tag("video:1"), cache_tag("feed")]
        assert b"video" not in sent.body

    def test_what_was_refused_is_sent_again_with_what_came_meanwhile(
        self, receiver, purges, runtime
    ) -> None:
        receiver.answers[PATH] = answer(500)
        runtime.invalidations.publish(["one"])
        receiver.wait(2, PATH)
        runtime.invalidations.publish(["two"])
        receiver.answers[PATH] = answer(204)
        receiver.wait(3, PATH)
        assert {cache_tag("one"), cache_tag("two")} <= set(tags(receiver)[2:])

    def test_many_changes_go_in_requests_that_caches_can_read(
        self, receiver, purges, runtime
    ) -> None:
        keys = [f"video:{number}" for number in range(250)]
        runtime.invalidations.publish(keys)
        sent = receiver.wait(4, PATH)[1:]
        assert max(len(each.message["tags"]) for each in sent) == 100
        assert set(tags(receiver)) >= {cache_tag(each) for each in keys}

    def test_when_anything_may_have_changed_everything_goes(
        self, receiver, purges, runtime
    ) -> None:
        runtime.invalidations.publish(None)
        assert receiver.wait(2, PATH)[1].message == {"tags": [EVERYTHING]}
