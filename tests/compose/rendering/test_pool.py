"""Segments that processes of the sandbox draw and encode."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playout.compose.layers import layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import read_manifest
from playout.compose.rendering.pool import Renderers, RenderFailed, SegmentJob, Template
from playout.kit.errors import Unavailable
from playout.transcode.personal.segment import Drawn
from playout.transcode.sandbox.tools import Tools
from playout.transcode.trial import find_tools
from tests.compose.manifest.manifests import manifest_json, text
from tests.helpers.live_clips import ffmpeg
from tests.transcode.helpers.personal import FILM, Film, make_base, pictures

pytestmark = pytest.mark.slow

MANIFEST = manifest_json(text("Hello {{name}}", start=2, end=3.1))
TEMPLATE = Template("first", MANIFEST, {})
ADA = {"name": "Ada"}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return find_tools()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Film:
    folder = tmp_path_factory.mktemp("film")
    ffmpeg(*FILM, folder / "film.mp4")
    base = make_base(folder / "film.mp4", folder / "base", tools)
    return Film(base, base.renditions[-1])


@pytest.fixture(scope="module")
def renderers(tools: Tools) -> Iterator[Renderers]:
    renderers = Renderers(lambda: tools, 1)
    yield renderers
    renderers.close()


def job(film: Film, data: dict[str, Any] = ADA, template: Template = TEMPLATE) -> SegmentJob:
    """Return the job of the segment at two seconds, where the name is drawn."""
    number = film.touched[1]
    return SegmentJob(
        template,
        data,
        film.rendition.pictures,
        film.places[number],
        film.head,
        film.mezzanine(number),
    )


class TestRender:
    def test_it_draws_what_the_template_says(self, film: Film, renderers: Renderers) -> None:
        manifest = read_manifest(MANIFEST)
        values = check_data(manifest, ADA)
        size = film.rendition.pictures.width, film.rendition.pictures.height

        def layer_of(frame: int) -> Drawn | None:
            return layer_at(manifest, values, frame / 30, *size)

        here = b"".join(film.rendered(film.touched[1], layer_of))
        assert b"".join(renderers.render(job(film))) == here
        nobody = film.rendered(film.touched[1], lambda frame: None)
        assert not np.array_equal(
            pictures(film.head + here), pictures(film.head + b"".join(nobody))
        )

    @pytest.mark.parametrize("sandbox", ["bubblewrap", "process"])
    def test_it_runs_in_either_sandbox(self, film: Film, tools: Tools, sandbox: str) -> None:
        if sandbox == "bubblewrap" and tools.bubblewrap is None:
            pytest.skip("bubblewrap is missing, or not allowed to make namespaces")
        chosen = tools if sandbox == "bubblewrap" else replace(tools, bubblewrap=None)
        renderers = Renderers(lambda: chosen, 1)
        try:
            assert list(renderers.render(job(film)))
        finally:
            renderers.close()
        assert renderers.pids == []

    def test_no_process_knows_the_data_by_its_command_line(
        self, film: Film, renderers: Renderers
    ) -> None:
        data = {"name": "Zaphod Beeblebrox"}
        fragments = renderers.render(job(film, data))
        next(fragments)
        lines = [(each / "cmdline") for each in Path("/proc").iterdir() if each.name.isdigit()]
        assert not any(b"Zaphod" in read(line) for line in lines)
        list(fragments)

    def test_data_that_the_template_does_not_allow_fails(
        self, film: Film, renderers: Renderers
    ) -> None:
        with pytest.raises(RenderFailed) as failed:
            list(renderers.render(job(film, {"name": "x" * 1000})))
        assert "xx" not in str(failed.value)
        assert list(renderers.render(job(film)))


class TestKilled:
    def test_before_the_first_fragment_another_process_takes_over(
        self, film: Film, renderers: Renderers
    ) -> None:
        whole = list(renderers.render(job(film)))
        os.killpg(renderers.pids[0], signal.SIGKILL)
        assert list(renderers.render(job(film))) == whole

    def test_later_the_segment_fails_and_the_next_attempt_succeeds(
        self, film: Film, renderers: Renderers
    ) -> None:
        # More bytes than a pipe holds: the process cannot be finished before it is killed.
        heavy = replace(job(film), pictures=replace(film.rendition.pictures, crf=0))
        whole = list(renderers.render(heavy))
        assert sum(map(len, whole[1:])) > 65536
        fragments = renderers.render(heavy)
        next(fragments)
        os.killpg(renderers.pids[0], signal.SIGKILL)
        with pytest.raises(Unavailable):
            list(fragments)
        assert list(renderers.render(heavy)) == whole


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
