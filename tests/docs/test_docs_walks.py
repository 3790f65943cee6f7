"""What the pages of the four APIs show to be typed is typed, and comes back as they say."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_walk import Walk, fits
from live import Founded, Live, serving
from live_clips import make_clip

pytestmark = pytest.mark.slow
PAGES = ("publications", "videos", "shares", "productions")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("docs")) as live:
        yield live


@pytest.fixture(scope="module")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="module", params=PAGES)
def walk(
    request: pytest.FixtureRequest,
    live: Live,
    acme: Founded,
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Walk:
    """A page whose bash has been run to its end."""
    assert shutil.which("curl"), "curl is not installed (Debian: apt-get install curl)"
    walk, folder = (
        Walk(repository / "docs" / f"{request.param}.md"),
        tmp_path_factory.mktemp("walk"),
    )
    assert walk.variables == {"URL", "KEY"}
    make_clip(folder / "video.mp4", seconds=1)
    done = walk.run(folder, URL=live.url, KEY=acme.key)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return walk


class TestWalkThroughs:
    def test_each_request_is_answered_with_the_status_that_the_page_promises(
        self, walk: Walk
    ) -> None:
        assert len(walk.answers) > 8
        for answer in walk.answers:
            line = walk.promised(answer)
            assert line is not None, f"{walk.page.name}:{answer.line} promises nothing"
            told = f"{walk.page.name}:{answer.line} answered {answer.body}"
            assert answer.status == walk.promises[line], told

    def test_each_promise_is_of_a_request(self, walk: Walk) -> None:
        assert {walk.promised(answer) for answer in walk.answers} == set(walk.promises)

    def test_each_answer_that_is_shown_is_the_one_that_comes(self, walk: Walk) -> None:
        examples = walk.examples()
        assert len(examples) > 2
        for line, shown, told in examples:
            assert fits(shown, told), f"{walk.page.name}:{line} shows another answer than {told}"


class TestFits:
    """The measure itself: it has to be able to fail."""

    @pytest.mark.parametrize(
        ("shown", "told"),
        [
            ({"a": 1}, {"a": 2}),
            ({"a": 1}, {"a": 1, "b": 2}),
            ({"a": 1, "…": "…"}, {"b": 2}),
            (["x"], ["x", "y"]),
            (["x", "y"], ["x"]),
            ("http…mp4", "http://x/mp3"),
            ([], {}),
        ],
    )
    def test_what_differs_does_not_fit(self, shown: object, told: object) -> None:
        assert not fits(shown, told)

    def test_what_is_left_open_may_be_anything(self) -> None:
        assert fits({"a": "x…", "…": "…"}, {"a": "xyz", "b": [1]})
        assert fits([{"a": 1}, "…"], [{"a": 1}, {"a": 2}])
