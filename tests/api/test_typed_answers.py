"""mypy compares the answer of an endpoint with the type that the OpenAPI document shows."""

from pathlib import Path

import pytest
from mypy import api as mypy

ROOT = Path(__file__).parents[2]
ENDPOINTS = """
from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.shares.schemas.shares import RotatedSlugOut
from playout.api.videos.paging import ListOf, Page
from playout.core.unit import ReadUnit


@endpoint
def one(unit: ReadUnit) -> Answer[RotatedSlugOut]:
    return Answer({one})


@endpoint
def many(unit: ReadUnit, page: Page) -> Answer[ListOf[RotatedSlugOut]]:
    return page.answer([{many}], 1)
"""
ROTATED = '{"previousSlug": "a", "slug": "b", "publicUrl": "http://c"}'
pytestmark = pytest.mark.slow


@pytest.fixture
def rejected(tmp_path, monkeypatch):
    """Returns the lines with an error, when the two endpoints answer with this JSON."""
    monkeypatch.chdir(ROOT)  # the configuration names folders of the project

    def rejected(one: str, many: str) -> set[str]:
        file = tmp_path / "endpoints.py"
        file.write_text(ENDPOINTS.replace("{one}", one).replace("{many}", many))
        report, failure, _ = mypy.run(["--config-file", "pyproject.toml", str(file)])
        assert failure == ""
        lines = file.read_text().splitlines()
        found = [line for line in report.splitlines() if line.startswith(f"{file}:")]
        return {lines[int(line.split(":")[1]) - 1].strip() for line in found}

    return rejected


class TestAnswers:
    def test_an_answer_of_the_type_is_fine(self, rejected):
        assert rejected(ROTATED, ROTATED) == set()

    def test_an_answer_of_another_type_is_an_error(self, rejected):
        nonsense = '{"nonsense": 1}'
        assert rejected(nonsense, nonsense) == {
            f"return Answer({nonsense})",
            f"return page.answer([{nonsense}], 1)",
        }

    def test_a_field_of_another_type_is_an_error(self, rejected):
        wrong = ROTATED.replace('"b"', "5")
        assert rejected(wrong, ROTATED) == {f"return Answer({wrong})"}
