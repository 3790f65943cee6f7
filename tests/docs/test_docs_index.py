"""Every page of the documentation can be found, and every link leads somewhere."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages(repository: Path) -> Sequence[Path]:
    return [*sorted(repository.glob("*.md")), *sorted((repository / "docs").glob("**/*.md"))]


def links(page: Path) -> Sequence[tuple[Path, str]]:
    """The file of each relative link of a page, and the section in it ("" for none)."""
    targets = LINK.findall(CODE.sub("", page.read_text()))
    parts = [target.partition("#") for target in targets if "://" not in target]
    return [((page.parent / path).resolve() if path else page, name) for path, _, name in parts]


def sections(page: Path) -> set[str]:
    """The names by which links reach the headings of a page, as GitHub derives them."""
    headings = HEADING.findall(page.read_text())
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


class TestIndex:
    def test_it_lists_every_page(self, repository: Path) -> None:
        index = repository / "docs" / "README.md"
        listed = {path for path, _ in links(index)} | {index}
        assert set((repository / "docs").glob("**/*.md")) - listed == set()


class TestLinks:
    def test_each_leads_to_a_file(self, pages: Sequence[Path]) -> None:
        broken = [
            f"{page.name}: {path.name}"
            for page in pages
            for path, _ in links(page)
            if not path.exists()
        ]
        assert broken == []

    def test_each_leads_to_a_section(self, pages: Sequence[Path]) -> None:
        broken = [
            f"{page.name}: {path.name}#{name}"
            for page in pages
            for path, name in links(page)
            if name and name not in sections(path)
        ]
        assert broken == []
