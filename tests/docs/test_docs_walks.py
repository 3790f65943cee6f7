"""The commands of the README and of the pages of the four APIs work as they say."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.helpers.walk import Walk, fits
from tests.helpers.live import EXTERNAL, Founded, Live, create_video, publish, retrieve, serving
from tests.helpers.live_clips import make_clip

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
def walk(request: pytest.FixtureRequest, live: Live, acme: Founded, repository: Path) -> Walk:
    """A page whose bash has been run to its end."""
    walk = Walk(repository / "docs" / f"{request.param}.md")
    assert walk.variables == {"URL", "KEY"}
    run_to_end(walk, live, acme)
    return walk


def run_to_end(walk: Walk, live: Live, acme: Founded) -> str:
    """Run the bash of a page, with a `video.mp4` at hand, and return what it prints."""
    assert shutil.which("curl"), "curl is not installed (Debian: apt-get install curl)"
    with tempfile.TemporaryDirectory() as folder:
        make_clip(Path(folder) / "video.mp4", seconds=1)
        done = walk.run(Path(folder), URL=live.url, KEY=acme.key)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


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


class TestReadme:
    def test_pasting_its_commands_publishes_a_new_video_and_leaves_the_sample_alone(
        self, live: Live, acme: Founded, repository: Path
    ) -> None:
        with live.client(acme.key) as client:
            sample = create_video(client, acme.project, title="Sample", external_url=EXTERNAL)
            publish(client, sample["session_id"])
            before = retrieve(client, sample["id"])
            walk = Walk(repository / "README.md")
            link = run_to_end(walk, live, acme).splitlines()[-1]
            assert {answer.status for answer in walk.answers} == {200, 201}
            assert retrieve(client, sample["id"]) == before
            assert link != before["custom_url"]
            assert "Spring collection" in client.get(link).text

    def test_it_names_the_variables_to_set(self, repository: Path) -> None:
        assert Walk(repository / "README.md").variables == {"URL", "KEY", "PLAYOUT_KEY"}


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
