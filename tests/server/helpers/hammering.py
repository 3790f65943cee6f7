"""Requests without a pause: wrk, and probes that note when something was last served."""

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

FORM = b'type="password"'
PAUSE = 0.1
"""Seconds between two requests of a probe: the times it tells are right to about that."""
CONNECTIONS = 2
"""As many as there are processes: with more, the acts themselves wait for minutes."""
SCRIPT = """
local asked, at = {%s}, 0
request = function()
  at = at %% #asked + 1
  return wrk.format("GET", asked[at][1], asked[at][2])
end
"""


def is_shown(answer: httpx2.Response) -> bool:
    """Return whether it is a page or a file, and no form that asks for a password."""
    return answer.status_code == 200 and FORM not in answer.content


def names(text: str) -> Callable[[httpx2.Response], bool]:
    """Return whether an answer names this, in its body or in its policy."""

    def is_named(answer: httpx2.Response) -> bool:
        policy = answer.headers.get("content-security-policy", "")
        return answer.status_code == 200 and (text in policy or text in answer.text)

    return is_named


@dataclass(frozen=True)
class Asked:
    """A request, and what it is about an answer that may not be served later."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_served: Callable[[httpx2.Response], bool] = is_shown
    form: Mapping[str, str] | None = None
    """The form that is sent; None for a GET."""


@dataclass
class Probe:
    """Asks again and again; knows when it last sent a request that was served."""

    asked: Asked
    last: float = 0.0
    sent: int = 0
    caught: list[Exception] = field(default_factory=list)

    def run(self, front: str, stop: threading.Event) -> None:
        method = "GET" if self.asked.form is None else "POST"
        headers, path = dict(self.asked.headers), self.asked.path
        with httpx2.Client(base_url=front, timeout=60) as client:
            while not stop.is_set():
                sent = time.monotonic()
                try:
                    answer = client.request(method, path, headers=headers, data=self.asked.form)
                except httpx2.HTTPError as error:
                    self.caught.append(error)
                    return
                self.sent += 1
                client.cookies.clear()  # each visitor is another one
                if self.asked.is_served(answer):
                    self.last = sent
                time.sleep(PAUSE)


@contextmanager
def probed(front: str, asked: Sequence[Asked]) -> Iterator[list[Probe]]:
    """Probe each of these requests in a thread of its own."""
    probes, stop = [Probe(each) for each in asked], threading.Event()
    threads = [threading.Thread(target=each.run, args=[front, stop]) for each in probes]
    for each in threads:
        each.start()
    try:
        yield probes
    finally:
        stop.set()
        for each in threads:
            each.join()


@contextmanager
def hammered(front: str, asked: Sequence[Asked], folder: Path) -> Iterator[None]:
    """Let wrk, if it is installed, send these requests as fast as it can."""
    program, script = shutil.which("wrk"), folder / "hammer.lua"
    if program is None:
        yield
        return
    script.write_text(SCRIPT % ", ".join(_lua(each) for each in asked if each.form is None))
    command = [program, "-t1", f"-c{CONNECTIONS}", "-d120s", "-s", str(script), front]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _lua(asked: Asked) -> str:
    headers = ", ".join(f'["{name}"] = "{text}"' for name, text in asked.headers.items())
    assert not re.search(r'["\\\n]', asked.path + "".join(asked.headers.values()))
    return f'{{"{asked.path}", {{{headers}}}}}'
