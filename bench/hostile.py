"""A page beside a flood of forged beacons from one network. It needs `wrk`.

`python -m bench.hostile [beacons a second]` prints how many came, and how long the page took: with
no flood, with the same flood into a bare server on this machine, and with the flood here.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import in_process
from bench.site import answering, free_port, get, serving

CONNECTIONS, WRITES_A_SECOND = 20, 10
SECONDS, ROUNDS, EACH = 8, 4, 400
SCRIPT = Path(__file__).with_name("hostile.lua")


@contextmanager
def _flood(port: int, rate: int, rates: list[float]) -> Iterator[None]:
    """Send beacons during the block, at least for some seconds; note how many were answered."""
    many = max(1, rate // CONNECTIONS // WRITES_A_SECOND)
    pause = 1000 // WRITES_A_SECOND
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(SCRIPT)]
    command += [f"http://127.0.0.1:{port}", "--", str(many), str(pause)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        time.sleep(1)  # until it sends
        yield
        said = process.communicate()[0]
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    rates.append(float(found[1]) if found else 0.0)


def hostile(folder: Path, rate: int) -> Iterator[str]:
    """Yield a line for each kind of round."""
    sink = free_port()
    with (
        serving(folder / "data", free_port()) as server,
        answering(["bench.bare_sink", str(sink), str(folder / "sunk")], sink, "/", folder / "log"),
    ):
        took: dict[str, list[float]] = {"no flood": [], "flood elsewhere": [], "flood here": []}
        rates: dict[str, list[float]] = {name: [] for name in took}

        def page(part: float) -> float:
            requests = [get("/")] * EACH
            task = {"port": server.port, "connections": 1, "warmup": requests[:20]}
            return in_process("bench.load", task | {"requests": requests, "percentile": part})

        for _ in range(ROUNDS):
            took["no flood"].append(page(0.5))
            for name, port in (("flood elsewhere", sink), ("flood here", server.port)):
                with _flood(port, rate, rates[name]):
                    took[name].append(page(0.5))
    for name, seconds in took.items():
        came = f", {statistics.median(rates[name]):,.0f} beacons a second" if rates[name] else ""
        yield f"{name}: median of the page {statistics.median(seconds) * 1e3:.2f} ms{came}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as place:
        for line in hostile(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
            sys.stdout.write(f"{line}\n")
