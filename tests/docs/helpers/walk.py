"""Runs the bash of a page of the documentation, as a reader would who pastes it line by line.

A comment `# 201: …` promises the status of the answers of the curls below it, up to the next
promise; a block of JSON that follows shows what the last of them said.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

PROMISE = re.compile(r"\s*# ([1-5]\d\d): .")
EXPORT = re.compile(r"^export (\w+)=", re.MULTILINE)
MORE = "…"
PATIENCE = 180.0

# Answers go to the reader as well; what they were is kept under the line that asked for them.
PRELUDE = (
    'curl() { local it="$ANSWERS/${BASH_LINENO[0]}-$BASHPID"; '
    'command curl --silent --show-error --dump-header "$it.headers" "$@" | tee "$it.body"; }; '
    "set -euo pipefail; "
)


@dataclass(frozen=True)
class Fence:
    """A block of code; `line` is where its content begins, from 1."""

    language: str
    line: int
    text: str


@dataclass(frozen=True)
class Answer:
    """What a curl on that line of the page was answered."""

    line: int
    at: int
    status: int
    body: str


@dataclass
class Walk:
    """A page, and what came back where its bash was run."""

    page: Path
    answers: list[Answer] = field(default_factory=list)

    @cached_property
    def fences(self) -> list[Fence]:
        found, language, start = [], "", 0
        lines = self.page.read_text().splitlines()
        for number, line in enumerate(lines, 1):
            if line.startswith("```") and start:
                found.append(Fence(language, start, "\n".join(lines[start - 1 : number - 1])))
                start = 0
            elif line.startswith("```"):
                language, start = line.removeprefix("```"), number + 1
        return found

    @property
    def variables(self) -> set[str]:
        """What the page tells the reader to set."""
        shown = (fence.text for fence in self.fences if fence.language == "sh")
        return {name for text in shown for name in EXPORT.findall(text)}

    @cached_property
    def promises(self) -> dict[int, int]:
        """The status that is promised, by line."""
        found = {}
        for fence in self.fences:
            if fence.language == "bash":
                for number, line in enumerate(fence.text.splitlines(), fence.line):
                    if match := PROMISE.match(line):
                        found[number] = int(match[1])
        return found

    def examples(self) -> list[tuple[int, Any, Any]]:
        """The line of each block of JSON after one of bash, what it shows, and what came back."""
        found = []
        for before, fence in zip(self.fences, self.fences[1:], strict=False):
            if (before.language, fence.language) == ("bash", "json"):
                block = range(before.line, fence.line)
                last = max((each for each in self.answers if each.line in block), key=_when)
                found.append((fence.line, json.loads(fence.text), json.loads(last.body)))
        return found

    def promised(self, answer: Answer) -> int | None:
        """The line of the promise that the answer has to keep; None where there is none."""
        return max((line for line in self.promises if line <= answer.line), default=None)

    def run(self, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run all the bash of the page in that folder, in one shell."""
        kept, script = folder / "answers", folder / "page.sh"
        kept.mkdir()
        script.write_text(self._script())
        done = subprocess.run(
            ["bash", str(script)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ANSWERS": str(kept), **variables},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        self.answers = sorted((_answer(path) for path in kept.glob("*.headers")), key=_when)
        return done

    def _script(self) -> str:
        """The page without its prose: each line of bash keeps its number."""
        lines = [""] * len(self.page.read_text().splitlines())
        for fence in self.fences:
            if fence.language == "bash":
                block = fence.text.splitlines()
                lines[fence.line - 1 : fence.line - 1 + len(block)] = block
        return "\n".join([PRELUDE, *lines[1:], ""])


def fits(shown: Any, told: Any) -> bool:
    """Whether an answer is as it is shown, where `…` stands for anything, or for more."""
    if isinstance(shown, dict) and isinstance(told, dict):
        named = shown.keys() - {MORE}
        whole = MORE in shown or named == told.keys()
        return whole and named <= told.keys() and all(fits(shown[it], told[it]) for it in named)
    if isinstance(shown, list) and isinstance(told, list):
        named = [each for each in shown if each != MORE]
        whole = MORE in shown or len(named) == len(told)
        return whole and all(map(fits, named, told)) and len(named) <= len(told)
    if isinstance(shown, str) and MORE in shown:
        parts = (re.escape(part) for part in shown.split(MORE))
        return re.fullmatch(".*".join(parts), str(told), re.DOTALL) is not None
    return bool(shown == told)


def _answer(headers: Path) -> Answer:
    line = int(headers.name.partition("-")[0])
    statuses = re.findall(r"^HTTP/\S+ (\d+)", headers.read_text(), re.MULTILINE)
    body = headers.with_suffix(".body")
    return Answer(line, headers.stat().st_mtime_ns, int(statuses[-1]), body.read_text())


def _when(answer: Answer) -> tuple[int, int]:
    return answer.at, answer.line
