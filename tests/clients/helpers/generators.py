"""Generators of clients and linters of OpenAPI documents, as their users run them."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.helpers.documents import Document
from tests.clients.helpers.node import node, package

HERE = Path(__file__).parent / "generated"
GENERATOR = Path(__file__).parents[1] / ".venv" / "bin"
"""The environment of openapi-python-client, which cannot be in ours: it needs an older typer."""
SECONDS = 180
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
"""Lets redocly ask nobody on the network."""


@dataclass(frozen=True)
class Documents:
    """The documents of the APIs, each in a file with its name."""

    folder: Path
    by_api: Mapping[str, Document]

    @property
    def files(self) -> list[str]:
        return [str(self.folder / f"{api}.json") for api in self.by_api]

    def operations(self, api: str) -> dict[str, Any]:
        """All operations by their ids."""
        return {each["operationId"]: each for _, _, each in self.by_api[api].operations()}

    def answer(self, api: str, operation_id: str, status: int) -> str:
        """The name of the schema of an answer, or "list" for an array."""
        responses = self.operations(api)[operation_id]["responses"]
        [content] = self.by_api[api].found(responses[str(status)])["content"].values()
        reference: str = content["schema"].get("$ref", "/list")
        return reference.rpartition("/")[2]


def ran(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, and let it find the programs of both environments."""
    path = f"{GENERATOR}:{Path(node()).parent}:/usr/bin:/bin"
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={"PATH": path, "HOME": str(cwd), "LANG": "C.UTF-8"} | environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class PythonClients:
    """The packages of all APIs in a folder, and what the generator said of each."""

    folder: Path
    said: Mapping[str, str]


def openapi_python_client(documents: Documents, folder: Path) -> PythonClients:
    """Generate a package for each API with openapi-python-client."""
    assert GENERATOR.is_dir(), "openapi-python-client is not installed; `make setup` does it"

    def generate(api: str) -> str:
        source = ("--path", documents.folder / f"{api}.json")
        target = ("--output-path", folder / api, "--meta", "none")
        target += ("--config", HERE / "python_client.yaml")
        done = ran("openapi-python-client", "generate", *source, *target, cwd=folder)
        return done.stdout + done.stderr

    with ThreadPoolExecutor(max_workers=2) as pool:
        said = list(pool.map(generate, documents.by_api))
    return PythonClients(folder, dict(zip(documents.by_api, said, strict=True)))


def python_driver(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Call the APIs through the Python clients; return each call, with the type of its answer."""
    return _calls(ran("python", HERE / "python_driver.py", *arguments, cwd=folder, PYTHONPATH="."))


def openapi_ts(documents: Documents, folder: Path) -> None:
    """Generate a client for each API with @hey-api/openapi-ts, beside the driver that uses it."""
    shutil.copy(HERE / "typescript_driver.ts", folder / "driver.ts")
    (folder / "package.json").write_text('{"type": "module"}')
    done = ran(node(), HERE / "openapi_ts.mjs", *documents.files, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def tsc(folder: Path) -> str:
    """Compile the clients and the driver with all strict checks; return the errors."""
    compiler = package("typescript") / "bin" / "tsc"
    modules = ("--module", "nodenext", "--moduleDetection", "force")
    target = ("--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--outDir", "built")
    done = ran(node(), compiler, "--strict", *modules, *target, "driver.ts", cwd=folder)
    return done.stdout + done.stderr


def typescript_driver(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """Call the APIs through the TypeScript clients; return each call."""
    return _calls(ran(node(), "built/driver.js", *arguments, cwd=folder))


def redocly(documents: Documents) -> dict[str, Any]:
    """Lint the documents; return what redocly found."""
    program = package("@redocly/cli") / "bin" / "cli.js"
    rules = ("--config", HERE / "redocly.yaml", "--format", "json")
    command = (node(), program, "lint", *documents.files, *rules)
    done = ran(*command, cwd=documents.folder, **QUIET)
    # A sentence for people follows the JSON.
    found: dict[str, Any] = json.JSONDecoder().raw_decode(done.stdout)[0]
    return found


def spectral(documents: Documents) -> list[dict[str, Any]]:
    """Lint the documents; return what spectral found."""
    program = package("@stoplight/spectral-cli") / "dist" / "index.js"
    rules = ("--ruleset", HERE / "spectral.yaml", "--format", "json", "--quiet")
    done = ran(node(), program, "lint", *documents.files, *rules, cwd=documents.folder)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _calls(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
