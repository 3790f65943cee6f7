"""Measures everything, prints a table and writes bench/latest.json."""

import json
import os
import signal
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.answers import answers
from bench.batches import batches
from bench.beacons import beacons
from bench.cached import cached
from bench.console import console
from bench.encoding import encoding
from bench.encoding_cost import encoding_cost
from bench.gallery import gallery
from bench.lists import lists
from bench.measure import Result
from bench.pages import pages
from bench.personal import personal
from bench.personal_quality import personal_quality
from bench.public import public
from bench.publishing import publishing
from bench.reading import reading
from bench.recipients import recipients
from bench.segments import segments
from bench.site import free_port, serving
from bench.starting import idle_memory, starting
from bench.uploading import uploading
from bench.webhooks import webhooks

LATEST = Path(__file__).parent / "latest.json"


def main() -> int:
    """0 when every aim is met, else 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped, too
    with tempfile.TemporaryDirectory(prefix="playout-bench-") as name:
        folder = Path(name)
        results = starting(folder)
        data_dir = folder / "data"
        with serving(data_dir, free_port()) as server:
            results += [publishing(server, data_dir, at_once) for at_once in (1, 4)]
            results += pages(server, folder)
            results += beacons(data_dir, folder)
            results += cached(server, data_dir, folder)
            results += public(server, data_dir, folder)
            results += reading(server, data_dir)
            results.append(batches(server, data_dir))
            results += lists(server, data_dir)
            made, address = encoding(server, data_dir, folder)
            results += made + uploading(server, data_dir, folder)
            results += segments(server, data_dir, folder, address)
            results += webhooks(server, data_dir)
            results.append(recipients(server, data_dir))
        results.append(idle_memory(data_dir))
        results += encoding_cost(folder)
        results += personal(folder)
        results += personal_quality(folder)
        results += gallery(folder / "gallery")
        results += console(folder / "console")
        results += answers(folder / "answers")
    LATEST.write_text(json.dumps([asdict(each) for each in results], indent=2) + "\n")
    Console().print(_table(results))
    return 1 if any(each.met is False for each in results) else 0


def _table(results: list[Result]) -> Table:
    table = Table("what", "measured", "aim", "", "how", title=f"On {os.cpu_count()} processors")
    mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}
    for each in results:
        aim = "none" if each.aim is None else f"{'≥' if each.unit == '×' else '≤'} {each.aim:g}"
        measured = f"{each.ratio:.0f}" if each.unit == "MB" else f"{each.ratio:.2f}"
        table.add_row(each.name, f"{measured} {each.unit}", aim, mark[each.met], each.detail)
    return table


if __name__ == "__main__":
    sys.exit(main())
