"""Static files and their addresses."""

import page_examples as examples
import pytest
from page_reader import Page

from playout.pages import render
from playout.pages.static_files import STATIC_DIR, find_static, static_path


class TestStaticFiles:
    def test_the_address_of_a_file_leads_back_to_it(self) -> None:
        _, _, fingerprint, name = static_path("site.css").split("/")
        assert find_static(fingerprint, name) == STATIC_DIR / "site.css"

    @pytest.mark.parametrize("name", ["site.css", "../render.py", "", "nothing.css"])
    def test_a_stale_fingerprint_or_a_path_out_of_the_folder_finds_nothing(self, name: str) -> None:
        assert find_static("000000000000", name) is None
        assert find_static("", name) is None

    def test_a_page_links_the_stylesheet_under_its_fingerprint(self) -> None:
        page = Page(render.render_notice(examples.NOTICE))
        assert page.all("link", rel="stylesheet", href=static_path("site.css"))
