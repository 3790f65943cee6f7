"""A check of hatchling's builds: a package without the scripts of the pages is never made."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MANIFEST = Path("src/playout/pages/static/build/manifest.json")
"""The file that the build of the pages writes last."""


class CompletePages(BuildHookInterface[Any]):
    """A build hook that stops the build of a package without pages."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Stop unless the pages were built. An editable package reads them later, when they are."""
        if version != "editable" and not (Path(self.root) / MANIFEST).is_file():
            raise SystemExit(
                "The scripts and styles of the pages are not built: run `make build`, then build"
                " the package again."
            )
