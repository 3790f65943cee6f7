"""The data folder is closed to other users of the machine."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from playout.kit.data_folder import open_data_folder
from playout.settings import Settings

SECRETS = ("secret_key", "metrics_token", "database_url", "redis_url", "otlp_url")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


class TestNew:
    def test_what_is_created_from_now_on_is_private(self, tmp_path):
        folder = tmp_path / "new" / "data"
        open_data_folder(folder)
        (folder / "files").mkdir()
        (folder / "files" / "a.mp4").touch()
        assert mode(folder) == mode(folder / "files") == 0o700
        assert mode(folder / "files" / "a.mp4") == 0o600

    def test_the_group_may_read_where_a_web_server_sends_files(self, tmp_path):
        open_data_folder(tmp_path / "data", share_with_group=True)
        (tmp_path / "data" / "a.mp4").touch()
        assert mode(tmp_path / "data") == 0o750
        assert mode(tmp_path / "data" / "a.mp4") == 0o640


class TestExisting:
    def test_it_is_tightened_with_what_playout_made(self, tmp_path):
        for name in ("files", "work"):
            (tmp_path / name).mkdir()
        (tmp_path / "demo.json").touch()
        tmp_path.chmod(0o755)
        open_data_folder(tmp_path)
        # For root, PostgreSQL runs as another user, who passes through.
        assert mode(tmp_path) == (0o711 if os.geteuid() == 0 else 0o700)
        assert mode(tmp_path / "files") == mode(tmp_path / "work") == 0o700
        assert mode(tmp_path / "demo.json") == 0o600

    def test_a_folder_without_anything_of_playout_is_left(self, tmp_path):
        (tmp_path / "holiday.jpg").touch()
        tmp_path.chmod(0o755)
        open_data_folder(tmp_path)
        assert mode(tmp_path) == 0o755
        assert mode(tmp_path / "holiday.jpg") == 0o644

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
    def test_a_file_of_another_user_is_left(self, tmp_path):
        (tmp_path / "files").mkdir()
        (tmp_path / "demo.json").touch()
        os.chown(tmp_path / "demo.json", 65534, 65534)
        open_data_folder(tmp_path)
        assert mode(tmp_path / "demo.json") == 0o644


@pytest.mark.parametrize("name", SECRETS)
def test_an_error_never_shows_the_value_of_a_setting(name):
    with pytest.raises(ValidationError) as refused:
        Settings(**{name: "hunter2"})
    assert "hunter2" not in str(refused.value)
