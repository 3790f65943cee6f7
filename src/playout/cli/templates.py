"""Commands for film templates. They need no server."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from playout.cli.bootstrap import Bootstrap
from playout.cli.options import Json
from playout.cli.output import print_result
from playout.compose.assets import is_picture
from playout.compose.layers import Range, touched_ranges
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import Scene, read_manifest
from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.core.film_templates.checks import check_names, checked_assets
from playout.kit.errors import Invalid
from playout.transcode.pictures.frames import write_frame
from playout.transcode.sandbox.tools import Tools
from playout.transcode.trial import find_tools

templates = typer.Typer(help="Film templates.", no_args_is_help=True)
WIDTH = 1280
MOST_MOMENTS = 24


@templates.command("preview")
def preview(
    context: typer.Context,
    manifest: Annotated[Path, typer.Argument(help="The manifest, a JSON file.")],
    data: Annotated[Path | None, typer.Option(help="The data of a viewer, a JSON file.")] = None,
    film: Annotated[Path | None, typer.Option(help="The film. Default: a grey one.")] = None,
    asset: Annotated[list[Path] | None, typer.Option(help="A picture or a font.")] = None,
    at: Annotated[
        list[float] | None,
        typer.Option(help="A second of the film. Default: some of each text and scene."),
    ] = None,
    out: Annotated[Path, typer.Option(help="The picture to write.")] = Path("preview.png"),
    as_json: Json = False,
) -> None:
    """Draw a contact sheet of a template, and say what may not look as meant.

    What an upload would refuse is refused here, too.
    """
    bootstrap: Bootstrap = context.obj()
    settings = bootstrap.load_settings()
    tools = find_tools(str(settings.ffmpeg) if settings.ffmpeg else None)
    content, values = _json(manifest), _json(data) if data else {}
    template = read_manifest(content)
    pictures = frozenset(each.name for each in asset or () if is_picture(each.name))
    ranges = touched_ranges(template, check_data(template, values, pictures))
    seconds = sorted(set(at or _moments(ranges, template.scenes)))[:MOST_MOMENTS] or [0.0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawing = SandboxedDrawing(folder, tools)
        assets = checked_assets(drawing, _copies(asset or (), folder))
        check_names(template, assets)
        warnings = drawing.lint(content, assets, 1920, 1080)
        frames = [(t, _frame(film, t, folder, tools)) for t in seconds]
        out.write_bytes(drawing.draw(content, values, assets, frames))
    lines = [f"{each['element']}: {each['message']}" for each in warnings]
    result = {"file": str(out), "seconds": seconds, "warnings": warnings}
    print_result(result, as_json, "\n".join([*lines, f"Wrote {out}."]))


def _moments(ranges: Sequence[Range], scenes: Sequence[Scene]) -> list[float]:
    """Return three moments of each time at which something is drawn, early, midway and late, and
    the middle of each scene."""
    middles = [round((scene.start + scene.end) / 2, 3) for scene in scenes]
    return middles + [
        round(start + share * (end - start), 3)
        for start, end in ranges
        for share in (0.08, 0.5, 0.92)
    ]


def _copies(paths: Sequence[Path], folder: Path) -> list[tuple[str, Path]]:
    """Return the files by their names, in a folder that the sandbox may read."""
    copies = [(path.name, folder / f"asset-{number}") for number, path in enumerate(paths)]
    for path, (_, copy) in zip(paths, copies, strict=True):
        shutil.copyfile(path, copy)
    return copies


def _frame(film: Path | None, second: float, folder: Path, tools: Tools) -> Path | None:
    if film is None:
        return None
    frame = folder / f"frame-{second:.3f}.png"
    return frame if write_frame(film, second, WIDTH, frame, tools) else None


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except ValueError as error:
        raise Invalid(f"{path} is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise Invalid(f"{path} must hold a JSON object.")
    return value
