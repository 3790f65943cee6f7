"""Many requests of one key, spread over servers and APIs."""

import itertools
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.helpers.live import Live

ONE_OF_EACH_API = (
    "/v1/video/list_completed_video_sessions?limit=1",
    "/api/v1/workspaces/",
    "/api/Projects",
    "/productions?limit=1",
)
WIDTH = 8
WITHOUT_WORKER = ("--no-worker",)
"""The option of a server that answers requests only."""


def burst(servers: Sequence[Live], key: str, total: int) -> list[httpx2.Response]:
    """Ask in turn at each server and each API, several at a time; return the answers."""
    turns = list(
        itertools.islice(itertools.cycle(itertools.product(servers, ONE_OF_EACH_API)), total)
    )

    def run(start: int) -> list[httpx2.Response]:
        clients = {server.url: server.client(key) for server in servers}
        answers = [clients[server.url].get(path) for server, path in turns[start::WIDTH]]
        for client in clients.values():
            client.close()
        return answers

    with ThreadPoolExecutor(WIDTH) as pool:
        return [answer for part in pool.map(run, range(WIDTH)) for answer in part]


def refused(answers: Sequence[httpx2.Response]) -> list[httpx2.Response]:
    """Those that came too often; all others are as they should be."""
    assert {answer.status_code for answer in answers} <= {200, 429}
    return [answer for answer in answers if answer.status_code == 429]


def standing(answer: httpx2.Response) -> tuple[int, int]:
    """What the key may still ask and in how many seconds more, in which both spellings agree."""
    headers = answer.headers
    policy = headers["RateLimit-Policy"]
    assert policy == f'"default";q={headers["X-RateLimit-Limit"]};w=60'
    remaining, reset = int(headers["X-RateLimit-Remaining"]), int(headers["X-RateLimit-Reset"])
    seconds = int(headers["RateLimit"].rpartition("t=")[2])
    assert headers["RateLimit"] == f'"default";r={remaining};t={seconds}'
    assert abs(time.time() + seconds - reset) < 5
    return remaining, seconds
