"""Events as they happen: server-sent events, from a real server."""

import dataclasses
import threading
import time
from contextlib import contextmanager

import httpx2
import pytest

from playout.api import event_stream as sse
from playout.api.videos.routes import events
from playout.core.accounts import service
from playout.core.ledger.events import EVENTS
from playout.core.ledger.model import Subject
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin, Work
from playout.kit.invalidation import Invalidations
from tests.api.helpers.event_reader import STREAM, Reader, served
from tests.helpers.live import until
from tests.helpers.tenants import bearer


@pytest.fixture(autouse=True)
def declared(monkeypatch) -> None:
    """Declares the types of events that a filter by their beginning finds here."""
    for each in ("tests.happened", "tests.wanted", "tests.other"):
        monkeypatch.setitem(EVENTS, each, "An event of a test.")


@pytest.fixture(scope="module")
def base(runtime):
    with served(runtime) as url:
        yield url


@pytest.fixture
def listen(base, tenant):
    opened: list[Reader] = []

    def listen(query: str = "", key: str = "", **headers: str) -> Reader:
        reader = Reader(f"{base}{STREAM}{query}", bearer(key or tenant.key) | headers)
        opened.append(reader)
        reader.until(lambda each: each.retry or each.ended_at)
        return reader

    yield listen
    for each in opened:
        each.close()


@pytest.fixture
def happen(runtime, tenant):
    """Enters an event, in this process or as another one would."""

    def happen(event: str, *, elsewhere: bool = False, tenant=tenant, project=None) -> None:
        # Invalidations of another process: only the database notifies this one.
        invalidations = Invalidations(runtime.database.url) if elsewhere else runtime.invalidations
        with Work(runtime.database, invalidations).write(OPERATOR, Origin("tests")) as unit:
            subject = Subject("test", "1", tenant.organization.id, project)
            unit.record(event, subject)

    return happen


@contextmanager
def quietly(reader: Reader):
    """Nothing is told in this block, as far as half a second shows."""
    before = len(reader.messages)
    yield
    time.sleep(0.5)
    assert len(reader.messages) == before


class TestStream:
    @pytest.mark.parametrize("elsewhere", [False, True])
    def test_what_happens_is_told_at_once_in_whatever_process(self, listen, happen, elsewhere):
        reader = listen()
        happen("tests.happened", elsewhere=elsewhere)
        reader.until(lambda each: each.types == ["tests.happened"], seconds=2)
        assert reader.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert reader.headers["cache-control"] == "no-store"

    def test_data_is_an_event_as_the_list_has_it(self, web, tenant, listen, happen):
        reader = listen()
        happen("tests.happened")
        reader.until(lambda each: each.messages)
        (listed, *_) = web.get("/api/v1/events/", headers=tenant.headers).json()["results"]
        assert reader.messages[0]["data"] == listed

    def test_whoever_comes_back_misses_nothing_and_hears_nothing_twice(self, listen, happen):
        reader = listen()
        happen("tests.first")
        happen("tests.second")
        reader.until(lambda each: len(each.messages) == 2)
        heard = reader.messages[0]["id"]
        reader.close()
        happen("tests.third")
        again = listen("?cursor=0-0", **{"Last-Event-ID": heard})
        again.until(lambda each: len(each.messages) == 2)
        assert again.types == ["tests.second", "tests.third"]

    def test_filters_choose_what_is_told(self, listen, happen, tenant):
        one = listen("?type=tests.wanted")
        other = listen(f"?type=tests.*&workspace={tenant.project_id}")
        happen("tests.other")
        happen("tests.wanted")
        happen("tests.wanted", project=tenant.project_id)
        one.until(lambda each: each.types == ["tests.wanted"] * 2)
        other.until(lambda each: each.types == ["tests.wanted"])

    def test_nobody_hears_of_another_organization(self, listen, happen, other_tenant):
        reader = listen()
        with quietly(reader):
            happen("tests.foreign", tenant=other_tenant)
        happen("tests.own")
        reader.until(lambda each: each.types == ["tests.own"])

    def test_a_sub_account_hears_only_of_its_own(self, listen, happen, tenant):
        reader = listen(key=tenant.sub_account_key())
        with quietly(reader):
            happen("tests.happened", project=tenant.project_id)

    def test_without_seconds_left_it_tells_what_is_there_and_ends(self, listen, happen):
        happen("tests.happened")
        reader = listen("?cursor=0-0&seconds=0&type=tests.*")
        reader.until(lambda each: each.ended_at)
        assert reader.types == ["tests.happened"]

    def test_a_long_past_comes_whole_and_in_order(self, runtime, tenant, listen):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            for number in range(450):
                unit.record("tests.many", Subject("test", str(number), tenant.organization.id))
        reader = listen("?cursor=0-0&seconds=0&type=tests.many")
        reader.until(lambda each: each.ended_at)
        told = [int(each["data"]["subject"]["id"]) for each in reader.messages]
        assert told == list(range(450))

    def test_silence_is_broken_by_comments(self, monkeypatch, listen):
        for module in (sse, events):
            monkeypatch.setattr(module, "HEARTBEAT", 0.2)
        reader = listen()
        reader.until(lambda each: each.comments >= 2)
        assert reader.messages == []


class TestBounds:
    def test_a_stream_ends_when_its_key_is_revoked_in_another_process(
        self, runtime, tenant, listen
    ):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            key, secret = service.create_key(
                unit, runtime.signer, tenant.organization, "Short", role=Role.VIEWER
            )
        reader, kept = listen(key=secret), listen()
        other = Work(runtime.database, Invalidations(runtime.database.url))
        with other.write(OPERATOR, Origin("tests")) as unit:
            service.revoke_key(unit, key.id)
        assert reader.until(lambda each: each.ended_at) < 2
        assert kept.ended_at is None

    def test_a_stream_ends_when_the_server_is_asked_to_stop(self, runtime, tenant):
        asked = dataclasses.replace(runtime, draining=threading.Event())
        with served(asked) as base:
            reader = Reader(f"{base}{STREAM}", tenant.headers)
            reader.until(lambda each: each.retry)
            asked.draining.set()
            assert reader.until(lambda each: each.ended_at) < 2
            reader.close()

    def test_a_key_has_so_many_streams_and_no_more_until_one_ends(
        self, base, listen, tenant, monkeypatch
    ):
        monkeypatch.setattr(sse, "MAX_STREAMS_PER_KEY", 2)
        first, _ = listen(), listen()
        refused = httpx2.get(f"{base}{STREAM}", headers=tenant.headers)
        assert refused.status_code == 429
        assert listen(key=tenant.keys[Role.VIEWER]).status == 200
        first.close()
        until = time.monotonic() + 5
        while httpx2.get(f"{base}{STREAM}?seconds=0", headers=tenant.headers).status_code != 200:
            assert time.monotonic() < until

    def test_open_streams_hold_neither_a_thread_nor_a_connection(self, listen, runtime):
        before = set(threading.enumerate())
        readers = [listen() for _ in range(sse.MAX_STREAMS_PER_KEY)]
        pool = runtime.database.engine.pool
        until(lambda: pool.checkedout() == 0, 10, "the end of the queries that streams start with")
        threads = [each for each in threading.enumerate() if "AnyIO" in each.name]
        assert len(set(threads) - before) < len(readers)

    def test_a_refused_filter_is_told_before_the_stream_begins(self, base, tenant):
        answer = httpx2.get(f"{base}{STREAM}?cursor=x", headers=tenant.headers)
        assert answer.status_code == 400
        assert "cursor" in answer.json()["errors"]
