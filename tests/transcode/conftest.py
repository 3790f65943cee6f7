"""Fixtures of the tests of `transcode`: ffmpeg, its sandboxes, and clips that it makes."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from playout.transcode.sandbox.tools import Tools
from playout.transcode.trial import find_tools
from tests.transcode.helpers.clips import RECIPES, Ffmpeg, MakeClip


@pytest.fixture(scope="session")
def tools() -> Tools:
    """Return ffmpeg in the best sandbox that this machine has."""
    return find_tools()


@pytest.fixture(params=["bubblewrap", "process"])
def each_sandbox(request: pytest.FixtureRequest, tools: Tools) -> Tools:
    """Return the tools in each of both sandboxes; skip bubblewrap where it does not work."""
    if request.param == "process":
        return replace(tools, bubblewrap=None)
    if tools.bubblewrap is None:
        pytest.skip("bubblewrap is missing, or not allowed to make namespaces")
    return tools


@pytest.fixture(scope="session")
def ffmpeg(tools: Tools) -> Ffmpeg:
    """Return a function that runs ffmpeg without a sandbox, to make files for the tests."""

    def run(*arguments: str | Path) -> None:
        command = [tools.ffmpeg, "-v", "error", "-y", *arguments]
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    return run


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory, ffmpeg: Ffmpeg) -> MakeClip:
    """Return a function: `clip("plain.mp4")` is the path of the clip with that recipe."""
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            ffmpeg(*RECIPES[name], path)
        return path

    return make


@pytest.fixture(scope="session")
def rotated(clip: MakeClip, ffmpeg: Ffmpeg) -> Path:
    """Return an upright recording of a phone: stored lying, to be rotated by 90 degrees."""
    path = clip("plain.mp4").with_name("rotated.mp4")
    if not path.exists():
        ffmpeg("-display_rotation:v:0", "-90", "-i", clip("plain.mp4"), "-c", "copy", path)
    return path


@pytest.fixture(scope="session")
def long_clip(clip: MakeClip, ffmpeg: Ffmpeg) -> Path:
    """Return ten minutes of 1920 by 1080: far more work than any test waits for."""
    short = clip("short.mkv")
    path = short.with_name("long.mkv")
    if not path.exists():
        ffmpeg("-stream_loop", "299", "-i", short, "-c", "copy", path)
    return path


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """Return an empty folder for the output of one job."""
    folder = tmp_path / "job"
    folder.mkdir()
    return folder
