"""A thousand requests a minute for each key, counted by one process or by several over Redis.

How exact that is, as the tests hold it:

- Over Redis a minute begins with a key's first request, so that within its first minute the count
  is exact, over any number of processes.
- In memory minutes are those of the clock. Within one of them the count is exact; across its end,
  what was asked before weighs less and less, so that a burst that straddles it may be let through
  whole. The test of it waits for a new minute where the old one is nearly over.
- After the first minute, what was asked in the one before is taken to have been asked evenly.
"""

import time
from collections.abc import Iterator

import httpx2
import pytest

from tests.faults.helpers.requests import WITHOUT_WORKER, burst, refused, standing
from tests.helpers.live import Founded, Live, serving, until
from tests.helpers.live_redis import LiveRedis, serving_redis

LIMIT = 1000
LIMIT_ALONE = 200
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def redis_server() -> Iterator[LiveRedis]:
    with serving_redis() as server:
        yield server


@pytest.fixture(scope="module")
def live(redis_server: LiveRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = {"PLAYOUT_REDIS_URL": redis_server.url}
    folder = tmp_path_factory.mktemp("limits")
    with serving(folder, settings=settings, options=WITHOUT_WORKER) as live:
        yield live


@pytest.fixture(scope="module")
def other(live: Live) -> Iterator[Live]:
    other = Live(live.data_dir, settings=live.settings, options=WITHOUT_WORKER)
    other.start()
    yield other
    other.stop()


@pytest.fixture(scope="module")
def alone(live: Live) -> Iterator[Live]:
    """A third server on the same data, which counts in its own memory."""
    settings = {"PLAYOUT_RATE_LIMIT": str(LIMIT_ALONE)}
    alone = Live(live.data_dir, settings=settings, options=WITHOUT_WORKER)
    alone.start()
    yield alone
    alone.stop()


@pytest.fixture
def key(live: Live, acme: Founded) -> str:
    """A key that has asked nothing yet."""
    return new_key(live, acme)


def new_key(live: Live, acme: Founded) -> str:
    with live.client(acme.key) as client:
        answer = client.post("/api/v1/keys/", json={"name": "Fresh", "role": "Developer"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])


@pytest.fixture(scope="module")
def spent(live: Live, other: Live, acme: Founded) -> tuple[str, list[httpx2.Response]]:
    """A key that has asked as much as it may, and what it was answered."""
    key, began = new_key(live, acme), time.monotonic()
    answers = burst((live, other), key, LIMIT + 1)
    assert time.monotonic() - began < 55, "too slow to say anything of a minute"
    return key, answers


class TestTwoProcesses:
    def test_of_1001_requests_over_all_apis_exactly_one_is_refused(
        self, spent: tuple[str, list[httpx2.Response]]
    ) -> None:
        [late] = refused(spent[1])
        remaining, seconds = standing(late)
        assert (remaining, late.headers["Retry-After"]) == (0, str(seconds))
        assert 0 < seconds <= 60

    def test_who_waits_as_long_as_retry_after_says_is_answered(
        self, other: Live, spent: tuple[str, list[httpx2.Response]], redis_server: LiveRedis
    ) -> None:
        redis_server.cut_minutes_short(1.5)
        with other.client(spent[0]) as client:
            early = client.get("/key")
            assert early.status_code == 429
            time.sleep(int(early.headers["Retry-After"]))
            assert client.get("/key").status_code == 200

    def test_a_batch_of_a_hundred_counts_once(self, live: Live, other: Live, key: str) -> None:
        with live.client(key) as here, other.client(key) as there:
            assert standing(here.get("/key"))[0] == LIMIT - 1
            batch = [{"name": f"Number {number}"} for number in range(100)]
            made = there.post("/productions", json=batch)
            assert (made.status_code, standing(made)[0]) == (201, LIMIT - 2)
            assert standing(here.get("/key"))[0] == LIMIT - 3


class TestOneProcess:
    def test_the_same_holds_in_its_memory(self, alone: Live, key: str) -> None:
        wait_for_the_middle_of_a_minute()
        [late] = refused(burst((alone,), key, LIMIT_ALONE + 1))
        assert standing(late)[0] == 0
        assert int(late.headers["Retry-After"]) == standing(late)[1] <= 60


class TestRedisGoesAway:
    """The last of this file: what the servers counted by themselves stays with them a minute."""

    def test_each_process_counts_for_itself_until_it_is_back(
        self, live: Live, other: Live, key: str, redis_server: LiveRedis
    ) -> None:
        lost = [losses(server) for server in (live, other)]
        with live.client(key) as here, other.client(key) as there:
            assert standing(here.get("/key"))[0] == LIMIT - 1
            redis_server.kill()
            assert [asked(here) for _ in range(3)] == [LIMIT - 1, LIMIT - 2, LIMIT - 3]
            assert [asked(there) for _ in range(2)] == [LIMIT - 1, LIMIT - 2]
            assert limits_in(here) == {"ok": False, "redis": "away"}
            redis_server.start()
            until(
                lambda: asked(here) and "limits.redis_back" in live.said(), 15, "Redis found again"
            )
            until(
                lambda: asked(there) and "limits.redis_back" in other.said(), 15, "the same there"
            )
            left = asked(here)
            assert asked(there) == left - 1
            assert limits_in(here) == {"ok": True, "redis": "ok"}
        assert [losses(server) for server in (live, other)] == [before + 1 for before in lost]

    def test_one_that_says_nothing_keeps_one_request_waiting_in_five_seconds(
        self, live: Live, key: str, redis_server: LiveRedis
    ) -> None:
        with live.client(key) as here, redis_server.held_still():
            waits = [timed(here) for _ in range(20)]
        long = [wait for wait in waits if wait > 0.9]
        assert 1 <= len(long) <= 1 + sum(waits) / 5


def limits_in(client: httpx2.Client) -> object:
    """What the server says of its health in this."""
    return client.get("/readyz").json()["parts"]["limits"]


def losses(server: Live) -> int:
    """How often the log says that Redis is away."""
    return server.log.read_text().count("limits.redis_away")


def asked(client: httpx2.Client) -> int:
    """What the key has left after one more request, which is answered."""
    answer = client.get("/key")
    assert answer.status_code == 200, answer.text
    return standing(answer)[0]


def timed(client: httpx2.Client) -> float:
    began = time.monotonic()
    asked(client)
    return time.monotonic() - began


def wait_for_the_middle_of_a_minute(needed: float = 15) -> None:
    """Wait for a new minute of the clock, unless this one is long enough still."""
    left = 60 - time.time() % 60
    if left < needed:
        time.sleep(left)
