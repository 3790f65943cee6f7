"""Requests to the process in the sandbox: draw, look at a manifest, open fonts."""

import importlib.util
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from playout.kit.errors import Invalid, Unavailable
from playout.transcode.errors import MediaRejected
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Tools

_CHILD = Path(__file__).with_name("child.py")
_SECONDS = 30.0
_SIGNALS = 128
"""Return codes above it name the signal that ended the process: its libraries met a bad file."""
_PACKAGES = ("playout", "skia", "numpy", "uniseg", "babel", "pydantic", "thorvg_python", "av")
_FONT_PACKAGES = ("manimgx_fonts", "noto_cjk_sans_otc")

Files = Mapping[str, Path]
"""Files in the scratch folder, by the names of the assets."""


@dataclass(frozen=True)
class SandboxedDrawing:
    """Drawing in the sandbox, in one scratch folder, where all files must be."""

    folder: Path
    tools: Tools

    def font_families(self, fonts: Files) -> dict[str, str | None]:
        """Return the family of each font; None for a file that is no font."""
        families: dict[str, str | None] = self._run("font_families", fonts=_paths(fonts))
        return families

    def unreadable_animations(self, animations: Files) -> list[str]:
        """Return the names of animations that cannot be drawn."""
        names: list[str] = self._run("unreadable_animations", animations=_paths(animations))
        return names

    def lint(self, manifest: Any, assets: Files, width: int, height: int) -> list[dict[str, str]]:
        """Return the findings about a manifest, each with an element and a sentence."""
        shape = {"width": width, "height": height}
        found: list[dict[str, str]] = self._run(
            "lint", manifest=manifest, assets=_paths(assets), **shape
        )
        return found

    def draw(
        self,
        manifest: Any,
        data: Mapping[str, Any],
        assets: Files,
        moments: Sequence[tuple[float, Path | None]],
        *,
        columns: int = 3,
    ) -> bytes:
        """Return a PNG of the film at some moments, each with its frame.

        The data must have been checked. One moment gives a picture of the size of its frame, and
        several give a contact sheet.
        """
        out = self.folder / f"{uuid4()}.png"
        self._run(
            "draw",
            manifest=manifest,
            data=data,
            assets=_paths(assets),
            moments=[(t, str(frame) if frame else None) for t, frame in moments],
            columns=columns,
            out=str(out),
        )
        return out.read_bytes()

    def draw_frames(
        self,
        manifest: Any,
        data: Mapping[str, Any],
        assets: Files,
        frames: Sequence[tuple[float, Path, Path]],
    ) -> None:
        """Write a PNG of each frame of a film, with its moment, its file and that of the PNG.

        The data must have been checked.
        """
        named = [(t, str(frame), str(out)) for t, frame, out in frames]
        self._run("draw_frames", manifest=manifest, data=data, assets=_paths(assets), frames=named)

    def _run(self, task: str, **arguments: Any) -> Any:
        folder = self.folder.absolute()
        request, result = folder / f"{uuid4()}.json", folder / f"{uuid4()}.json"
        request.write_text(json.dumps({"task": task, "paths": search_paths(), **arguments}))
        interpreter = Path(sys.executable).resolve()
        command = [str(interpreter), "-I", "-S", str(_CHILD), str(request), str(result)]
        readable = [Path(sys.base_prefix), interpreter, *_packages()]
        confinement = self.tools.confinement(_SECONDS)
        try:
            completed = run(command, confinement, folder=folder, readable=readable)
        except MediaRejected:
            raise Invalid("Drawing this takes too long.") from None
        if completed.returncode > _SIGNALS:
            raise Invalid("A file of this template cannot be drawn: it is damaged.")
        if completed.returncode != 0:
            unavailable = Unavailable("Playout cannot draw this at the moment.")
            unavailable.add_note(completed.stderr)
            raise unavailable
        return json.loads(result.read_text())


def _paths(files: Files) -> dict[str, str]:
    return {name: str(path.absolute()) for name, path in files.items()}


@cache
def _packages() -> list[Path]:
    """Return the folders of all packages that drawing needs."""
    return [Path(each) for each in search_paths()]


@cache
def search_paths() -> list[str]:
    """Return the folders of the packages that drawing needs, and no other."""
    return sorted({str(_parent(name)) for name in (*_PACKAGES, *_FONT_PACKAGES)})


def _parent(name: str) -> Path:
    """Return the folder that a package or a module is in."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Unavailable(f"The package {name}, which drawing needs, is not installed.")
    path = Path(spec.origin)
    return path.parents[1] if path.name == "__init__.py" else path.parent
