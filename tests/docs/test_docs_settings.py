"""The documentation says what the code does."""

from pathlib import Path

from docs.settings import table


class TestSettings:
    def test_the_table_of_settings_is_the_one_that_make_docs_makes(self, repository: Path):
        assert (repository / "docs" / "settings.md").read_text() == table()
