"""Drives samsar-js, the public npm client, in a node of its own."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRIVER = Path(__file__).with_name("samsar_driver.mjs")


@dataclass(frozen=True)
class Samsar:
    """`node` is the program; `base_url` is all that is said to the client about Playout."""

    node: str
    base_url: str

    def call(self, options: dict[str, Any], *calls: tuple[Any, ...]) -> list[dict[str, Any]]:
        """Make a client with these options and call its methods in turn.

        Each call gives `{"status", "data"}`, or `{"error": {"name", "status", "message", "body"}}`.
        """
        script = {"options": {"baseUrl": self.base_url} | options, "calls": calls}
        done = subprocess.run(
            [self.node, str(DRIVER)],
            input=json.dumps(script),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results

    def succeed(self, options: dict[str, Any], *calls: tuple[Any, ...]) -> list[Any]:
        """The same; all calls have to succeed, and their data is returned."""
        results = self.call(options, *calls)
        assert [result for result in results if "error" in result] == []
        return [result["data"] for result in results]

    def fail(self, options: dict[str, Any], *call: Any) -> dict[str, Any]:
        """Make one call that has to fail; return the error."""
        [result] = self.call(options, call)
        error: dict[str, Any] = result["error"]
        return error
