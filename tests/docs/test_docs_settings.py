"""The documentation says what the code does."""

from pathlib import Path

import pytest

from docs.settings import table
from playout.settings import Settings


class TestSettings:
    def test_the_table_of_settings_is_the_one_that_make_docs_makes(self, repository: Path):
        assert (repository / "docs" / "settings.md").read_text() == table()

    def test_every_default_can_be_read_back_from_its_environment_variable(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ):
        lines = (repository / "docs" / "settings.md").read_text().splitlines()
        cells = [[cell.strip(" `") for cell in line.split("|")[1:3]] for line in lines[6:]]
        documented = {name: default for name, default in cells if default}
        assert len(documented) > 15
        for name in documented:
            monkeypatch.delenv(name, raising=False)
        without = Settings()
        for name, default in documented.items():
            monkeypatch.setenv(name, default)
        assert Settings() == without
