"""The server, or its database, is killed while clients publish: nothing that was answered is lost.

Run with `-rP` to see how long each restart took.
"""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.helpers.publishers import Publishers
from tests.helpers.live import Founded, Live, until

pytestmark = pytest.mark.slow

PUBLICATIONS = "SELECT v.session_id, p.id FROM publications p JOIN videos v ON v.id = p.video_id"
PUBLISHED_EVENTS = (
    "SELECT v.session_id FROM ledger l JOIN videos v ON v.uid::text = l.subject_id"
    " WHERE l.event = 'video.published'"
)
OUT = "SELECT session_id FROM videos WHERE NOT is_draft"
CREATED_EVENTS = (
    "SELECT v.session_id, count(l.id) FROM videos v LEFT JOIN ledger l"
    " ON l.subject_id = v.uid::text AND l.event = 'video.created' GROUP BY 1"
)


def kill_server(live: Live) -> float:
    live.kill()
    return live.start()


def kill_database(live: Live) -> float:
    """The server stays, and has to bring its database back by itself."""
    live.kill_postmaster()
    return 0.0


def kill_both(live: Live) -> float:
    live.kill_postmaster()
    return kill_server(live)


Kill = Callable[[Live], float]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "total"),
    [
        pytest.param([kill_server] * 3, 100, id="server three times"),
        pytest.param([kill_database, kill_both, kill_database], 60, id="database as well"),
    ],
)
class TestKilledWhilePublishing:
    def test_each_answered_publish_is_there_once_and_nothing_is_half_done(
        self, live: Live, acme: Founded, kills: list[Kill], total: int
    ) -> None:
        publishers = Publishers(live, acme, total)
        publishers.start()
        try:
            took = self._kill_in_between(live, publishers, kills)
        finally:
            publishers.join()
        print("restarts took", ", ".join(f"{seconds:.1f} s" for seconds in took if seconds))
        assert publishers.refused == []
        assert len(publishers.answered) == total
        self._assert_whole(live, publishers)

    def _kill_in_between(
        self, live: Live, publishers: Publishers, kills: list[Kill]
    ) -> list[float]:
        took = []
        for number, kill in enumerate(kills):
            # Each falls into a part of the work of its own, at a random point of it.
            share = publishers.total / (len(kills) + 1)
            reached = int(share * (number + random.uniform(0.3, 1)))
            until(
                lambda reached=reached: publishers.ended or len(publishers.answered) >= reached,
                90,
                f"{reached} videos published",
            )
            assert not publishers.ended, publishers.refused
            took.append(kill(live))
        return took

    def _assert_whole(self, live: Live, publishers: Publishers) -> None:
        there = dict(live.rows(PUBLICATIONS))
        for answer in publishers.answered:
            assert there[answer["session_id"]] == answer["publication"]["id"]
        events = Counter(session for (session,) in live.rows(PUBLISHED_EVENTS))
        assert events == dict.fromkeys(there, 1)
        assert {session for (session,) in live.rows(OUT)} == set(there)
        assert {count for (_, count) in live.rows(CREATED_EVENTS)} == {1}
        with live.client() as public:
            pages = [answer["publication"]["slug"] for answer in publishers.answered[::20]]
            assert {public.get(f"/v/{slug}").status_code for slug in pages} == {200}
