"""The architecture names files that exist, and answers enough questions."""

import re
from pathlib import Path

import pytest

CODE = re.compile(r"`([^`\s]+)`")
FILE = re.compile(r"[\w<>./-]+(?:/|\.(?:py|md|toml|html|js))")
PLACEHOLDER = re.compile(r"<\w+>")
QUESTION = re.compile(r"^\| .+\? \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "architecture.md").read_text()


def exists(repository: Path, path: str) -> bool:
    """Return whether a path exists; one with `<noun>` in it if any noun has it."""
    pattern = PLACEHOLDER.sub("*", path)
    return any(any(root.glob(pattern)) for root in (repository, repository / "src" / "playout"))


class TestPaths:
    def test_each_exists(self, repository: Path, page: str) -> None:
        paths = {path for path in CODE.findall(page) if FILE.fullmatch(path)} - {"/"}
        assert len(paths) > 80
        missing = sorted(path for path in paths if not exists(repository, path))
        assert not missing, "\n".join(missing)


class TestQuestions:
    def test_there_are_twenty_or_more_each_with_a_file(self, page: str) -> None:
        answers = QUESTION.findall(page)
        assert len(answers) >= 20
        assert all(any(map(FILE.fullmatch, CODE.findall(answer))) for answer in answers)
