"""Servers, workers and the database are killed while events go out: none is lost.

`PLAYOUT_TEST_EVENTS=10000` makes it the long run; with `-rP` it tells how long deliveries took.
"""

import itertools
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.faults.helpers.requests import WITHOUT_WORKER
from tests.faults.helpers.webhooks import ENDPOINTS, EVENTS, Changers, open_endpoints
from tests.helpers.live import Founded, Live, create_video, serving, until
from tests.helpers.webhook_receiver import Received, Receiver, receiving

pytestmark = pytest.mark.slow
TOTAL = int(os.environ.get("PLAYOUT_TEST_EVENTS", "100"))
BETWEEN_KILLS = 3.0
ALLOWANCE = 90 + TOTAL / 20
"""Seconds in which everything has to have arrived once nobody is killed any more."""
SOON = 5.0
"""Seconds in which half of all deliveries reach a fast receiver, whatever dies and however slow the
others are: of two processes that answer and send, one is always there."""
SETTINGS = {
    "PLAYOUT_OUTBOUND_ALLOW": "127.0.0.0/8",
    "PLAYOUT_RATE_LIMIT": "1000000",
    "PLAYOUT_WEBHOOK_TIMEOUT": "1",
    "PLAYOUT_WEBHOOK_CONCURRENCY": "48",
    "PLAYOUT_WEBHOOK_RETRIES": "5,60,600,600",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The one that clients ask."""
    folder = tmp_path_factory.mktemp("webhooks")
    with serving(folder, settings=SETTINGS) as live:
        yield live


@pytest.fixture(scope="module")
def worker(web: Live) -> Iterator[Live]:
    """One more on the same data."""
    worker = Live(web.data_dir, settings=SETTINGS)
    worker.start()
    yield worker
    if worker.process is not None:
        worker.kill()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(dict(ENDPOINTS)) as receiver:
        yield receiver


class TestKilledWhileSending:
    def test_every_endpoint_receives_every_event_and_a_fast_one_soon(
        self, web: Live, worker: Live, receiver: Receiver
    ) -> None:
        acme = web.found("Acme")
        with web.client(acme.key) as client:
            endpoints = open_endpoints(client, receiver)
        changers = Changers(web, acme, TOTAL)
        changers.start()
        try:
            restarts = self._kill_in_between(web, worker, changers)
        except BaseException:
            changers.stop()
            raise
        finally:
            changers.join()
        assert changers.refused == []
        events = dict(web.rows(EVENTS))
        assert len(events) == TOTAL
        paths = {
            f"msg_{event}_{id_}": path for event in events for path, (id_, _) in endpoints.items()
        }
        until(lambda: paths.keys() <= _ids(receiver.received), ALLOWANCE, "all received")
        self._assert_stable(receiver.received, paths)
        self._assert_signed(receiver.received[-200:], endpoints)
        delays = _delays(receiver.at("/fast"), events)
        median, p99 = statistics.median(delays), statistics.quantiles(delays, n=100)[98]
        came = len(receiver.received)
        back = statistics.median(restarts)
        print(
            f"{TOTAL} events, {came} requests, {len(restarts)} restarts of {back:.1f} s;"
            f" to the fast one half took {median:.2f} s, 99 % {p99:.1f} s"
        )
        assert median < SOON

    def _kill_in_between(self, web: Live, worker: Live, changers: Changers) -> list[float]:
        """Kill one after the other until all events are made; after how long each was back."""
        restarts = []
        for number in itertools.count():
            time.sleep(BETWEEN_KILLS)
            if number == 2:
                web.kill_postmaster()
                continue
            victim = web if number % 2 else worker
            victim.kill()
            restarts.append(victim.start())
            if changers.ended:
                break
        return restarts

    def _assert_stable(self, received: list[Received], paths: dict[str, str]) -> None:
        bodies = defaultdict(set)
        for each in received:
            assert paths[each.id] == each.path
            bodies[each.id].add(each.body)
        assert {len(each) for each in bodies.values()} == {1}
        assert set(paths.values()) == set(ENDPOINTS)

    def _assert_signed(
        self, received: list[Received], endpoints: dict[str, tuple[int, str]]
    ) -> None:
        for each in received:
            each.verified(endpoints[each.path][1])


class TestCommittedAndKilled:
    def test_what_is_committed_by_a_process_that_dies_at_once_is_delivered(
        self, web: Live, worker: Live, receiver: Receiver
    ) -> None:
        acme: Founded = web.found("Dies at once")
        with web.client(acme.key) as client:
            endpoints = open_endpoints(client, receiver)
            video = create_video(client, acme.project)
            web.kill()
            web.options, web.ready_at = WITHOUT_WORKER, "/healthz"
            web.start()
            worker.kill()
            changed = client.patch(f"/api/v1/videos/{video['id']}/", json={"title": "Last words"})
        web.kill()
        assert changed.status_code == 200
        web.start()
        worker.start()
        event = max(dict(web.rows(EVENTS)))
        wanted = {f"msg_{event}_{id_}" for id_, _ in endpoints.values()}
        until(lambda: wanted <= _ids(receiver.received), 30, "delivery")


def _ids(received: list[Received]) -> set[str]:
    return {each.id for each in list(received)}


def _delays(received: list[Received], events: dict[int, float]) -> list[float]:
    """Seconds from each event to when it first came."""
    first: dict[int, float] = {}
    for each in received:
        first.setdefault(each.message["sequence"], each.at)
    return [first[event] - at for event, at in events.items()]
