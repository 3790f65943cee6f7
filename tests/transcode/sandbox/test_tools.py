"""Find ffmpeg and the sandbox."""

import shutil
from pathlib import Path

import pytest

from playout.kit.errors import Unavailable
from playout.transcode.sandbox.tools import Limits, Tools, find_tools

pytestmark = pytest.mark.slow


class TestFindTools:
    def test_ffmpeg_of_the_wheel_is_found(self, tools: Tools) -> None:
        assert tools.ffmpeg.is_file()
        assert tools.describe() == {"ffmpeg": tools.version, "sandbox": tools.sandbox}
        assert tools.version

    def test_ffmpeg_at_a_given_path_is_used(self, tools: Tools, tmp_path: Path) -> None:
        own = tmp_path / "ffmpeg"
        own.symlink_to(tools.ffmpeg)
        assert find_tools(str(own), Limits(streams=3)).limits.streams == 3

    def test_bubblewrap_that_does_not_work_is_not_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = tmp_path / "bwrap"
        broken.write_text(
            "#!/bin/sh\necho 'bwrap: No permissions to create a namespace' >&2\nexit 1\n"
        )
        broken.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda name: str(broken))
        assert find_tools().sandbox == "process"

    @pytest.mark.parametrize("name", ["/nowhere/ffmpeg", "/bin/true"])
    def test_missing_ffmpeg_is_unavailable(self, name: str) -> None:
        with pytest.raises(Unavailable):
            find_tools(name)
