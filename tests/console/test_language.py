"""The console in German, and its times in the zone of the reader."""

import re
from html.parser import HTMLParser

import pytest

from docs import texts
from playout.core.accounts import mails
from playout.core.accounts.people import LANGUAGES
from playout.core.permissions import Role
from tests.console.conftest import ORIGIN
from tests.helpers.tenants import bearer

GERMAN = {"Accept-Language": "de-AT,en;q=0.5"}
PAGES = (
    *("/videos", "/videos?view=lines", "/videos/new", "/videos/{video}", "/landing"),
    *(
        "/campaigns",
        "/campaigns/new",
        "/campaigns/{video}",
        "/audience",
        "/audience/videos/{video}",
    ),
    *("/campaigns/{video}/activations/new", "/campaigns/{video}/distributions/new"),
    *("/automation/keys", "/automation/webhooks", "/automation/events", "/more"),
    *("/organization/members", "/organization/projects", "/organization/ledger"),
    *("/organization/sub-accounts", "/audience/videos/{video}/experiments"),
    *("/videos/{video}/sections", "/landing/{project}/templates"),
)
OF_OWNERS = ("/account", "/organization/all", "/organization/jobs", "/organization/installation")


class Words(HTMLParser):
    """Collects what a page says to a reader, without what people wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.is_said = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_said = (
            tag not in {"script", "pre", "code", "kbd", "bdi"} and ("dir", "auto") not in attrs
        )
        names = ("aria-label", "placeholder", "title", "alt", "data-label")
        self.found |= {value for name, value in attrs if name in names and value}

    def handle_data(self, data: str) -> None:
        self.found |= {data.strip()} if self.is_said else set()


def english_of(page: str) -> set[str]:
    """Return what a page says in English although there is a translation."""
    words = Words()
    words.feed(page)
    catalog = {
        each.id if isinstance(each.id, str) else each.id[0]: each.string
        for each in texts.read("de")
    }
    return words.found & {key for key, string in catalog.items() if key and key != string}


@pytest.fixture
def read_german(web, tenant):
    def read_german(path: str, role: Role = Role.ORGANIZATION_ADMIN) -> str:
        headers = bearer(tenant.keys[role]) | GERMAN
        return web.get(f"/console{path}", headers=headers).text

    return read_german


class TestGerman:
    def test_no_page_says_anything_in_english(self, web, tenant, read_german, make_video):
        video = make_video()
        (project,) = web.get("/api/Projects", headers=tenant.headers).json()
        sent = {"name": "A", "goal": "play", "variants": [{"key": "a"}, {"key": "b", "title": "B"}]}
        path = f"/api/v1/videos/{video['id']}/experiments/"
        assert web.post(path, json=sent, headers=tenant.headers).status_code == 201
        for path in PAGES:
            page = read_german(path.format(video=video["id"], project=project["id"]))
            assert ">Zum Inhalt<" in page, path
            assert not english_of(page), path

    def test_neither_do_the_pages_of_an_owner(self, opened, add, tenant):
        browser = opened()
        browser.sign_in(add(tenant, "ben", Role.OWNER))
        for path in OF_OWNERS:
            page = browser.get(f"/console{path}", headers=GERMAN).text
            assert ">Zum Inhalt<" in page, path
            assert not english_of(page), path

    def test_the_browser_says_which_language_it_is(self, read_german, look):
        assert '<html lang="de"' in read_german("/videos")
        assert '<html lang="en"' in look("/videos")

    def test_numbers_and_plurals_are_german(self, read_german, make_video):
        make_video()
        assert re.search(r"\d Videos?<", read_german("/videos"))

    def test_what_is_wrong_is_said_in_german(self, web, tenant, make_video):
        video = make_video()
        headers = bearer(tenant.keys[Role.PROJECT_MANAGER]) | GERMAN | ORIGIN
        sent = {"title": "x" * 300, "visibility": "public"}
        answer = web.post(f"/console/videos/{video['id']}", data=sent, headers=headers)
        assert answer.status_code == 400
        assert "Höchstens 255 Zeichen sind erlaubt." in answer.text

    def test_scripts_get_their_texts(self, read_german, look):
        assert '"Copied": ["Kopiert"]' in read_german("/videos")
        assert 'id="texts"' not in look("/videos")


class TestOwnLanguage:
    @pytest.fixture
    def member(self, add, tenant) -> str:
        return add(tenant, "ben", Role.VIEWER)

    def test_it_counts_more_than_that_of_the_browser(self, opened, member):
        browser = opened()
        browser.sign_in(member)
        saved = browser.submit("/console/account/language", language="de")
        assert saved.headers["location"].endswith("/console/account")
        page = browser.get("/console/account", headers={"Accept-Language": "en"}).text
        assert "Gespeichert." in page
        assert "<h1>Ihr Konto</h1>" in page
        browser.submit("/console/account/language", language="")
        assert "<h1>Your account</h1>" in browser.get("/console/account").text
        assert browser.submit("/console/account/language", language="xx").status_code == 400

    @pytest.mark.parametrize("texts", [mails.INVITED, mails.NEW_WAY_IN])
    def test_mails_have_the_same_values_in_each_language(self, texts):
        assert texts.keys() == set(LANGUAGES)
        (values,) = {frozenset(re.findall(r"{\w+}", "".join(each))) for each in texts.values()}
        assert "{link}" in values


class TestZone:
    def test_what_is_typed_is_in_the_zone_that_is_shown(self, web, tenant, make_video):
        video = make_video()
        path = f"/console/videos/{video['id']}"
        headers = bearer(tenant.keys[Role.PROJECT_MANAGER]) | ORIGIN
        berlin = headers | {"Cookie": "playout_zone=Europe/Berlin"}
        assert "Publish at (Europe/Berlin)" in web.get(path, headers=berlin).text
        sent = {"title": "Film", "visibility": "public", "publish_at": "2096-07-01T12:00"}
        answer = web.post(
            path,
            data=sent | {"form_zone": "Europe/Berlin"},
            headers=headers | {"Cookie": "playout_zone=Asia/Tokyo"},  # of another tab, meanwhile
            follow_redirects=False,
        )
        assert answer.status_code == 303, answer.text
        assert 'value="2096-07-01T12:00"' in web.get(path, headers=berlin).text
        assert 'value="2096-07-01T10:00"' in web.get(path, headers=headers).text

    def test_a_zone_that_nobody_knows_is_utc(self, web, tenant):
        headers = bearer(tenant.keys[Role.VIEWER]) | {"Cookie": "playout_zone=../Mars"}
        assert 'data-zone="UTC"' in web.get("/console/videos", headers=headers).text
