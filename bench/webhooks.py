"""Webhooks: how soon they arrive, how many a second, and what they cost those who publish."""

import os
import statistics
import time
from pathlib import Path

import httpx2
import psycopg

from bench.measure import Result, by_turns
from bench.site import Server
from bench.webhook_stage import BODY, Stage, receiving
from playout.kit.database.embedded import EmbeddedPostgres

LATENCIES = 60
PAUSE = 0.05
"""Seconds between events, so that each finds everybody idle."""
SUSTAINED = 600
ROUNDS = 3
ENDPOINTS = 100
PUBLISHES = 40
BACKLOG = int(os.environ.get("PLAYOUT_BENCH_BACKLOG", "4000"))
MIB = 1024**2
SENT = """
    SELECT 'msg_' || d.event_id || '_' || d.endpoint_id, extract(epoch FROM m.at)::float8
    FROM webhook_deliveries d JOIN webhook_messages m USING (event_id)
    WHERE d.endpoint_id = %s
"""


def webhooks(server: Server, data_dir: Path) -> list[Result]:
    """On a server that may reach this machine."""
    postgres = EmbeddedPostgres(data_dir / "postgres")
    url = postgres.start()
    try:
        with receiving() as receiver, psycopg.connect(url, autocommit=True) as database:
            stage, alone = (Stage(server, data_dir, receiver, database) for _ in range(2))
            return [*_idle(stage), _sustained(stage), _publishing(stage, alone), *_backlog(stage)]
    finally:
        postgres.stop()


def _idle(stage: Stage) -> list[Result]:
    """From commit to receiver, while there is nothing else to do."""
    endpoint = stage.listen()
    for _ in range(LATENCIES):
        stage.change()
        time.sleep(PAUSE)
    came = stage.received(LATENCIES)
    happened = dict(stage.database.execute(SENT, (endpoint,)).fetchall())
    stage.stop_listening(endpoint)
    delays = sorted(came[name] - at for name, at in happened.items())
    p50, p99 = statistics.median(delays), delays[int(len(delays) * 0.99)]
    told = f"{LATENCIES} events, one at a time"
    return [
        Result("webhook, p50", p50, None, "s", f"commit to receiver: {told}"),
        Result("webhook, p99", p99, None, "s", f"commit to receiver: {told}"),
    ]


def _sustained(stage: Stage) -> Result:
    """Signed, sent and written down, beside a loop that only sends."""

    def bare(_: int) -> float:
        started = time.perf_counter()
        with httpx2.Client(trust_env=False) as client:
            for number in range(SUSTAINED):
                headers = {"webhook-id": str(number), "Content-Type": "application/json"}
                client.post(f"http://127.0.0.1:{stage.receiver}/", content=BODY, headers=headers)
        took = time.perf_counter() - started
        stage.received(SUSTAINED)
        return SUSTAINED / took

    rates = by_turns(ROUNDS, lambda _: stage.drain(SUSTAINED)[0], bare)
    detail = f"{rates.told()}: deliveries beside a bare httpx2 loop, {ROUNDS} rounds of {SUSTAINED}"
    return Result("webhooks, sustained", rates.ratio, 0.25, "×", detail)


def _publishing(stage: Stage, alone: Stage) -> Result:
    """How fast a change is answered where many listen, beside an organization where nobody does.

    In between there is time to deliver: what is measured is what a change itself pays.
    """
    endpoints = [stage.listen() for _ in range(ENDPOINTS)]
    listened, unheard = [], []
    for _ in range(PUBLISHES):
        unheard.append(alone.change())
        listened.append(stage.change())
        stage.received(ENDPOINTS)
        stage.settle()
    for endpoint in endpoints:
        stage.stop_listening(endpoint)
    ours, bare = statistics.median(listened), statistics.median(unheard)
    detail = (
        f"{ours * 1000:.1f} ms beside {bare * 1000:.1f} ms: a change, {PUBLISHES} each by turns"
    )
    return Result(f"change, {ENDPOINTS} endpoints", bare / ours, 1 / 1.1, "×", detail)


def _backlog(stage: Stage) -> list[Result]:
    """`PLAYOUT_BENCH_BACKLOG` deliveries that have waited for one endpoint."""
    stage.drain(SUSTAINED)  # what the first ones allocate is there for good
    rate, grown = stage.drain(BACKLOG)
    told = f"{BACKLOG} deliveries drained at {rate:.0f}/s"
    return [Result("backlog, memory", grown / MIB, None, "MB", f"more than before: {told}")]
