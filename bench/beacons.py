"""Beacons of viewers, beside a bare server that throws them away."""

import html
import json
import re
import secrets
from pathlib import Path
from random import randrange

from bench.measure import Result, by_turns, in_process
from bench.site import Server, answering, free_port, serving

ROUNDS = 5
EACH = 4_000
WARMUP = 500
CONNECTIONS = 8
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144"


def beacons(data_dir: Path, folder: Path) -> list[Result]:
    """Beacons a second, each of another viewer of the newest video, and all written.

    The server believes the addresses that a proxy tells: it reads only so many from each.
    """
    with serving(data_dir, free_port(), PLAYOUT_TRUSTED_PROXIES="127.0.0.1") as server:
        return _beacons(server, folder)


def _beacons(server: Server, folder: Path) -> list[Result]:
    watch = re.search(r'href="(/v/[a-z0-9-]+)"', server.get("/")[1].decode())
    assert watch is not None
    page = server.get(watch[1])[1].decode()
    told = re.search(r'data-counting="([^"]+)"', page)
    assert told is not None
    token = json.loads(html.unescape(told[1]))["token"]
    port = free_port()
    arguments = ["bench.bare_sink", str(port), str(folder / "sunk")]

    def rate(server: Server, path: str) -> float:
        warmup, requests = (
            [_beacon(path, token) for _ in range(number)] for number in (WARMUP, EACH)
        )
        task = {"port": server.port, "connections": CONNECTIONS}
        work = {"warmup": warmup, "requests": requests}
        return EACH / in_process("bench.load", task | work)

    with answering(arguments, port, "/", folder / "sink.log") as sink:
        rates = by_turns(ROUNDS, lambda _: rate(server, "/e"), lambda _: rate(sink, "/"))
    detail = (
        f"{rates.told()}: checked, and written by a thread meanwhile, beside bare Starlette that"
        f" throws them away, {CONNECTIONS} connections, {ROUNDS} rounds of {EACH}"
    )
    return [Result("beacons", rates.ratio, 0.5, "×", detail)]


def _beacon(path: str, token: str) -> bytes:
    events = [{"kind": "view"}, {"kind": "watch", "from": 0, "to": 1000, "height": 720}]
    view = secrets.token_hex(8)
    content = json.dumps({"token": token, "view": view, "events": events}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}.{view[:3]}\r\n"
        f"X-Forwarded-For: 10.{randrange(256)}.{randrange(256)}.1\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
