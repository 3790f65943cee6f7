"""Scratch folders are removed once their process is gone, whatever its id."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from playout.core.processing.scratch import job_folder, remove_stale_job_folders

HOLD = """
import sys
from pathlib import Path
from playout.core.processing.scratch import job_folder

with job_folder(Path(sys.argv[1])) as folder:
    (folder / "film.mp4").write_bytes(b"x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process with a scratch folder, and that folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.communicate()


class TestRemoveStaleJobFolders:
    def test_a_folder_of_a_living_process_stays_and_goes_once_it_is_killed(self, holder, tmp_path):
        process, folder = holder
        remove_stale_job_folders(tmp_path)
        assert (folder / "film.mp4").exists()
        process.kill()
        process.wait()
        remove_stale_job_folders(tmp_path)
        assert not folder.exists()

    @pytest.mark.parametrize("name", ["1-abcdef", "999999-abcdef"])
    def test_a_folder_without_a_lock_goes_though_a_process_has_the_id_in_its_name(
        self, tmp_path, name
    ):
        # In a container, each server has the id 1.
        (tmp_path / name).mkdir()
        remove_stale_job_folders(tmp_path)
        assert not (tmp_path / name).exists()

    def test_a_folder_of_this_process_stays_until_its_job_ends(self, tmp_path):
        with job_folder(tmp_path) as folder:
            remove_stale_job_folders(tmp_path)
            assert folder.is_dir()
        assert not folder.exists()

    def test_folders_that_are_created_meanwhile_stay(self, tmp_path):
        ended = threading.Event()

        def sweep() -> None:
            while not ended.is_set():
                remove_stale_job_folders(tmp_path)

        thread = threading.Thread(target=sweep)
        thread.start()
        try:
            for _ in range(200):
                with job_folder(tmp_path) as folder:
                    (folder / "file").write_bytes(b"x")
        finally:
            ended.set()
            thread.join()

    def test_a_parent_that_does_not_exist_is_no_error(self, tmp_path):
        remove_stale_job_folders(tmp_path / "work")
