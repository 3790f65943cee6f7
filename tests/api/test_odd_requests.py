"""Unusual writing is taken and shown; junk at the public addresses is an ordinary notice."""

from html import escape
from unicodedata import normalize

import pytest

TITLES = (
    "🎬 Ünïcode — 漫画",
    "مرحبا بالعالم",
    "שלום <b>&amp;",
    "e\u0301",
    "👩\u200d👧",
    "a\u202eb",
)
NOTHING = "0" * 32
PATHS = (
    *("/?before=", "/?before=x", "/?before=%00", "/?before=%ff", "/?before=1-" + "g" * 24),
    *("/?before=" + "9" * 17 + "-" + "f" * 24, "/?before=" + "9" * 5000, "/?before=0-"),
    *("/?before=%D9%A1-" + "f" * 24, "/?before=a&before=b", "/?x=%ed%a0%80"),
    *("/v/x", "/v/%00", "/v/%ff", "/v/..%2f", "/v/A", "/v/" + "x" * 5000, "/v/%ed%a0%80"),
    *("/v/a%0d%0aSet-Cookie:x=1", "/v/", "/v/a/b", "/v/%F0%9F%8E%AC", "/v/a%20b"),
    *("/media/x/y/z", "/media/%00/%00/%00", "/media/a/b/..%2f..%2fsecret.key"),
    *(f"/media/{NOTHING}/{NOTHING}/video.mp4", f"/media/{NOTHING}/{NOTHING}/%00"),
    *(f"/media/{{{NOTHING}}}/urn:uuid:{NOTHING}/video.mp4?grant=%00", "/static/x/y"),
    *("/static/x/..%2f..%2fviews.py", "/nothing", "/%00", "/%ff", "/.env", "//", "/v1", "/api"),
)


class TestText:
    @pytest.mark.parametrize("title", TITLES)
    def test_any_writing_is_taken_and_shown_as_it_is(self, web, tenant, make_video, title):
        video, title = make_video(title=title), normalize("NFC", title)
        assert video["title"] == title
        publication = web.post(
            f"/v1/publications/session/{video['session_id']}", headers=tenant.headers
        ).json()["publication"]
        assert publication["title"] == title
        shown = web.get(publication["page_url"]).text.replace("&#34;", "&quot;")
        assert escape(title) in shown

    def test_an_escaped_pair_of_surrogates_is_one_character(self, web, tenant, make_video):
        answer = web.post(
            f"/v1/publications/session/{make_video()['session_id']}",
            content=b'{"title": "\\ud83c\\udfac"}',
            headers=tenant.headers | {"Content-Type": "application/json; charset=utf-8"},
        )
        assert answer.json()["publication"]["title"] == "🎬"


class TestPublicPages:
    @pytest.mark.parametrize("path", PATHS)
    def test_junk_is_an_ordinary_page_or_a_notice(self, web, path):
        answer = web.get(path)
        assert answer.status_code in {200, 400, 401, 404}, answer.text
        assert answer.headers["x-request-id"]
        assert "set-cookie" not in answer.headers
        assert "Traceback" not in answer.text

    @pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}'])
    def test_who_has_the_page_already_is_told_304(self, web, form):
        etag = web.get("/").headers["etag"]
        answer = web.get("/", headers={"If-None-Match": form.format(etag)})
        assert (answer.status_code, answer.content) == (304, b"")

    @pytest.mark.parametrize("path", ["/", "/v/x", "/media/a/b/c", "/static/a/b", "/healthz"])
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
    def test_the_public_writes_nothing(self, web, path, method):
        takes_passwords = (method, path) == ("POST", "/v/x")
        expected = 404 if takes_passwords else 405
        assert web.request(method, path, content=b"x").status_code == expected

    def test_a_fault_inside_is_a_notice_with_the_id_of_the_request(self, web, monkeypatch):
        def broken(*_):
            raise RuntimeError("a fault")

        monkeypatch.setattr("playout.pages.routes.gallery_page", broken)
        answer = web.get("/?before=1-" + "0" * 24)
        assert answer.status_code == 500
        assert "a fault" not in answer.text
        assert answer.headers["x-request-id"]
