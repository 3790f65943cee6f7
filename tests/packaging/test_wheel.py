"""The wheel holds the pages: without their scripts and styles none is made."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.helpers.live import serving

pytestmark = pytest.mark.slow

BUILD = Path("src/playout/pages/static/build")
SENTENCE = "The scripts and styles of the pages are not built: run `make build`"
LINK = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def copy_of(repository: Path, folder: Path) -> Path:
    """Copy what a wheel is made of, as a clone holds it after `make build`."""
    copy = folder / "clone"
    shutil.copytree(
        repository / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py"):
        shutil.copy(repository / name, copy)
    return copy


def pip(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def make_wheel(clone: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", target, clone)


@pytest.fixture(scope="module")
def clone(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(repository, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheels")
    done = make_wheel(clone, target)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    return wheel


class TestWheel:
    def test_it_holds_every_file_that_the_pages_and_the_database_need(
        self, clone: Path, wheel: Path
    ) -> None:
        held = {Path(name) for name in ZipFile(wheel).namelist()}
        source = clone / "src"
        expected = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
        assert json.loads((clone / BUILD / "manifest.json").read_text())
        assert not expected - held

    def test_a_server_of_it_serves_the_gallery_with_its_styles(
        self, wheel: Path, tmp_path: Path
    ) -> None:
        unpacked = tmp_path / "unpacked"
        ZipFile(wheel).extractall(unpacked)
        with serving(tmp_path, wrapped_in=("env", f"PYTHONPATH={unpacked}")) as live:
            with live.client() as client:
                page = client.get("/")
                links = LINK.findall(page.text)
                assert (page.status_code, bool(links)) == (200, True)
                assert {client.get(link).status_code for link in links} == {200}
                assert client.get("/sign-in").status_code == 200
            assert str(unpacked) in Path(f"/proc/{live.pid}/environ").read_text()


class TestWithoutTheFrontEnd:
    @pytest.fixture
    def bare(self, repository: Path, tmp_path: Path) -> Path:
        clone = copy_of(repository, tmp_path)
        shutil.rmtree(clone / BUILD)
        return clone

    def test_no_wheel_is_made_and_one_sentence_says_why(self, bare: Path, tmp_path: Path) -> None:
        done = make_wheel(bare, tmp_path / "wheels")
        assert done.returncode != 0
        assert SENTENCE in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert not list(tmp_path.glob("wheels/*.whl"))

    def test_an_editable_package_is_made(self, bare: Path, tmp_path: Path) -> None:
        target = tmp_path / "site"
        offline = ("--no-deps", "--no-build-isolation", "--no-index")
        done = pip("install", *offline, "--target", target, "-e", bare)
        assert done.returncode == 0, done.stdout + done.stderr
