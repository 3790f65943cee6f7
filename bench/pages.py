"""Public pages, beside a bare application that answers with the same bytes."""

import pickle
import re
from pathlib import Path

from bench.measure import Result, by_turns, in_process
from bench.site import Server, answering, free_port, get

ROUNDS = 5
EACH = 5_000
WARMUP = 500
CONNECTIONS = 8
BY_UVICORN = {"date"}


def pages(server: Server, folder: Path) -> list[Result]:
    """The watch page of the newest video, and the feed."""
    watch = re.search(r'href="(/v/[a-z0-9-]+)"', server.get("/")[1].decode())
    assert watch is not None
    paths = {"watch page": watch[1], "feed": "/"}
    answers = {path: _answer(server, path) for path in paths.values()}
    file = folder / "answers.pickle"
    file.write_bytes(pickle.dumps(answers))
    port = free_port()
    arguments = ["bench.bare_pages", str(port), str(file)]
    with answering(arguments, port, "/", folder / "bare.log") as bare:
        for path, (headers, body) in answers.items():
            assert _named(bare, path) == (headers.keys(), body), path
        return [_measured(name, path, server, bare) for name, path in paths.items()]


def _answer(server: Server, path: str) -> tuple[dict[str, str], bytes]:
    headers, body = server.get(path)
    kept = {name.lower(): value for name, value in headers if name.lower() not in BY_UVICORN}
    return kept, body


def _named(server: Server, path: str) -> tuple[object, bytes]:
    headers, body = _answer(server, path)
    return headers.keys(), body


def _measured(name: str, path: str, ours: Server, bare: Server) -> Result:
    def rate(server: Server) -> float:
        task = {"port": server.port, "connections": CONNECTIONS}
        work = {"warmup": [get(path)] * WARMUP, "requests": [get(path)] * EACH}
        return EACH / in_process("bench.load", task | work)

    rates = by_turns(ROUNDS, lambda _: rate(ours), lambda _: rate(bare))
    detail = (
        f"{rates.told()}: beside bare Starlette with the same {len(ours.get(path)[1])} bytes,"
        f" {CONNECTIONS} connections, {ROUNDS} rounds of {EACH}"
    )
    return Result(name, rates.ratio, 0.4, "×", detail)
