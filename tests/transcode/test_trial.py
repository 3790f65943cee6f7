"""Find ffmpeg and the sandbox, and try them on a real file."""

import shutil
import sys
from pathlib import Path

import pytest

from playout.kit.errors import Unavailable
from playout.transcode.sandbox.tools import Limits, Tools
from playout.transcode.trial import find_tools
from tests.helpers.other_pyav import other_pyav

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


class TestTrial:
    def test_tools_that_work_have_no_problem(self, tools: Tools) -> None:
        assert tools.problem is None

    def test_a_pyav_that_cannot_open_files_is_named_with_the_reason(
        self, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "av", raising=False)
        monkeypatch.syspath_prepend(str(other_pyav(tmp_path)))
        found = find_tools()
        assert (found.version, found.sandbox) == (tools.version, tools.sandbox)
        assert found.problem
        assert found.problem.startswith("PyAV ")
        assert "metadata_errors" in found.problem

    def test_an_ffmpeg_that_cannot_link_graphs_is_named(self, tools: Tools, tmp_path: Path) -> None:
        old = tmp_path / "ffmpeg"
        old.write_text(
            "#!/bin/sh\n"
            '[ "$1" = -version ] && echo "ffmpeg version 7.0" && exit\n'
            'case "$*" in *-filter_complex*-filter_complex*)\n'
            '  echo "Invalid file index 1 in filtergraph description" >&2; exit 1\n'
            f'esac\nexec {tools.ffmpeg} "$@"\n'
        )
        old.chmod(0o755)
        assert (find_tools(str(old)).problem or "").startswith("ffmpeg 7.0 cannot encode")

    def test_an_ffmpeg_that_cannot_encode_is_named_with_the_reason(self, tmp_path: Path) -> None:
        ffmpeg = tmp_path / "ffmpeg"
        ffmpeg.write_text(
            "#!/bin/sh\n"
            '[ "$1" = -version ] && echo "ffmpeg version 1.2" && exit\n'
            "echo \"Unknown encoder 'libx264'\" >&2\nexit 1\n"
        )
        ffmpeg.chmod(0o755)
        assert find_tools(str(ffmpeg)).problem == (
            "ffmpeg 1.2 cannot encode H.264 and AAC here (Unknown encoder 'libx264')."
        )
