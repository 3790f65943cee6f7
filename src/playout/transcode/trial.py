"""Find ffmpeg and the best sandbox, and try them and PyAV on a real file.

So a fault is known at the start.
"""

import shutil
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import imageio_ffmpeg

from playout.kit.errors import PlayoutError, Unavailable
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.ffmpeg import ffmpeg_command, input_options
from playout.transcode.inspect.probe import probe
from playout.transcode.sandbox.run import run
from playout.transcode.sandbox.tools import Limits, Tools

CLIP = Path(__file__).with_name("trial.mp4")
"""A fifth of a second of video and audio: H.264 and AAC."""
TRIAL_SECONDS = 20


def find_tools(ffmpeg: str | None = None, limits: Limits | None = None) -> Tools:
    """Find ffmpeg and the best sandbox.

    `ffmpeg` is a path or a name on PATH; None chooses the ffmpeg of the wheel. Bubblewrap is used
    if it is installed and the tools work inside it, which needs user namespaces. If they work
    nowhere, the result has a `problem`. Raise `Unavailable` if ffmpeg does not start at all.
    """
    plain = Tools(ffmpeg=_ffmpeg_path(ffmpeg), version="", limits=limits or Limits())
    bubblewrap = shutil.which("bwrap")
    candidates = [replace(plain, bubblewrap=Path(bubblewrap))] if bubblewrap else []
    tried = []
    for candidate in [*candidates, plain]:
        tools = replace(candidate, version=_ffmpeg_version(candidate))
        if tools.version:
            tools = replace(tools, problem=_problem(tools))
            if tools.problem is None:
                return tools
            tried.append(tools)
    if not tried:
        raise Unavailable(f"ffmpeg does not start: {plain.ffmpeg}")
    return tried[0]


def _ffmpeg_path(name: str | None) -> Path:
    path = shutil.which(name) if name else imageio_ffmpeg.get_ffmpeg_exe()
    if not path:
        raise Unavailable(f"There is no ffmpeg at {name}.")
    return Path(path).resolve()


def _ffmpeg_version(tools: Tools) -> str:
    """Return the version of ffmpeg, or "" if ffmpeg does not start in this sandbox."""
    command = [str(tools.ffmpeg), "-version"]
    try:
        completed = run(command, tools.confinement(TRIAL_SECONDS), readable=[tools.ffmpeg])
    except (MediaRejected, Unavailable):
        return ""
    words = completed.stdout.split()
    return words[2] if words[:2] == ["ffmpeg", "version"] and len(words) > 2 else ""


def _problem(tools: Tools) -> str | None:
    """Return what does not work, in a sentence; None if the tools can read and encode a clip."""
    try:
        _encode(tools)
    except (PlayoutError, WorkCancelled) as error:
        return f"ffmpeg {tools.version} cannot encode H.264 and AAC here ({_reason(error)})."
    try:
        probe(CLIP, tools)  # after ffmpeg was tried, which it needs as well
    except (PlayoutError, WorkCancelled) as error:
        return (
            f"PyAV {_pyav_version()} cannot read videos here ({_reason(error)}):"
            " install the version that Playout asks for."
        )
    return None


def _pyav_version() -> str:
    try:
        return version("av")
    except PackageNotFoundError:
        return "(none)"


def _encode(tools: Tools) -> None:
    """Encode the clip, and throw the result away. Raise an error if that fails.

    Its picture goes through two graphs, as that of every encode: ffmpeg links them from 7.1 on.
    """
    command = [
        *(*ffmpeg_command(tools), *input_options(CLIP, "mp4", tools)),
        *("-filter_complex", "[0:v]null[picture]", "-filter_complex", "[picture]null[v]"),
        *("-map", "[v]", "-map", "0:a", "-c:v", "libx264", "-c:a", "aac", "-f", "null", "-"),
    ]
    readable = [tools.ffmpeg, CLIP]
    completed = run(command, tools.confinement(TRIAL_SECONDS), readable=readable)
    if completed.returncode != 0:
        error = Unavailable(f"exit status {completed.returncode}")
        error.add_note(completed.stderr)
        raise error


def _reason(error: Exception) -> str:
    """Return the last line that the tool wrote, or the error's own sentence."""
    notes = "\n".join(getattr(error, "__notes__", ())).strip()
    return (notes or str(error) or "it was stopped").splitlines()[-1].rstrip(".")
