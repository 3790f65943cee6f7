"""Static files and their addresses."""

import pytest
from starlette.testclient import TestClient

from playout.pages import render
from playout.pages.static_files import BUILD_DIR, STATIC_DIR, built_path, find_static, static_path
from tests.pages.helpers import examples
from tests.pages.helpers.reader import Page


class TestStaticFiles:
    def test_the_address_of_a_file_is_resolved(self) -> None:
        _, _, fingerprint, name = static_path("site.css").split("/")
        assert find_static(fingerprint, name) == STATIC_DIR / "site.css"

    @pytest.mark.parametrize("name", ["site.css", "../render.py", "", "nothing.css"])
    def test_a_stale_fingerprint_or_a_path_out_of_the_folder_finds_nothing(self, name: str) -> None:
        assert find_static("000000000000", name) is None
        assert find_static("", name) is None

    @pytest.mark.parametrize(
        ("accepted", "coding", "suffix"),
        [
            ("gzip, deflate, br, zstd", "br", ".br"),
            ("gzip", "gzip", ".gz"),
            ("identity", None, ""),
            ("br;q=0", None, ""),
        ],
    )
    def test_scripts_are_compressed_in_the_best_coding_of_the_browser(
        self, web: TestClient, accepted: str, coding: str | None, suffix: str
    ) -> None:
        name = built_path("player.js")
        answer = web.get(name, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-type"].startswith("text/javascript")
        file = BUILD_DIR / f"{name.rpartition('/')[2]}{suffix}"
        assert answer.num_bytes_downloaded == file.stat().st_size

    def test_the_style_sheet_is_compressed(self, web: TestClient) -> None:
        answer = web.get(static_path("site.css"), headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == (STATIC_DIR / "site.css").read_bytes()
        assert answer.num_bytes_downloaded < len(answer.content) / 2

    def test_compressed_files_have_no_address_of_their_own(self, web: TestClient) -> None:
        assert web.get(f"{built_path('player.js')}.gz").status_code == 404

    def test_a_page_links_the_stylesheet_under_its_fingerprint(self) -> None:
        page = Page(render.render_notice(examples.NOTICE))
        assert page.all("link", rel="stylesheet", href=static_path("site.css"))
