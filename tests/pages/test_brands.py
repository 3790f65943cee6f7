"""The brand of a project on its landing pages, and the languages of these pages."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from playout.core.accounts.identities import HAS_ACCOUNT, UNVERIFIED
from playout.core.brands.look import DARK, LIGHT, look_of
from playout.core.brands.model import plain_brand
from playout.kit.clock import utcnow
from playout.kit.colors import AA_TEXT, contrast
from playout.pages.accounts.openid import AWAY, REFUSED
from playout.pages.accounts.sign_in import LABEL
from playout.pages.messages import LANGUAGES, messages
from playout.pages.responses import ASK_FOR_IT, NO_LANDING_PAGE, WHY_NOT
from tests.api.helpers.uploads import picture
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing

BRAND = {
    "name": "Corvanta Bank",
    "color": "#0D4F4A",
    "accent": "#f2b544",
    "font": "serif",
    "home_url": "https://corvanta.example.com/",
    "footer": "Corvanta Bank, Quay 4, Lindhaven",
    "privacy_url": "https://corvanta.example.com/privacy",
    "imprint_url": "https://corvanta.example.com/imprint",
    "consent": "May we count that this film was watched?",
}
SAID_BY_CODE = {
    "This video isn’t here",
    "It shows nothing at the moment. Whoever sent you the address can tell you more.",
    "The video of this link is not published.",
    "This is not the password.",
    "This is not the e-mail address and password of a member.",
    "Your account opens no organization: ask an administrator to invite you.",
    "Nobody here has this passkey.",
    *(LABEL, AWAY, REFUSED, UNVERIFIED, HAS_ACCOUNT),
    "That took too long, or was not answered here: try again.",
    "This link has expired.",
    "This link is over",
    "This link was opened as often as it may be.",
    "This link was taken back.",
    "This page is resting",
    "Too many attempts. Wait a minute, then try again.",
    "Not available right now",
    "This is not the token of a member, or it was revoked.",
    *(WHY_NOT, NO_LANDING_PAGE, ASK_FOR_IT),
    *("Tags", "Creators", "Languages"),
}
"""Texts of pages that no template names."""
LOCALES = Path(__file__).parents[2] / "src/playout/pages/locales"
TEMPLATES = LOCALES.with_name("templates")


@pytest.fixture
def landing(web, tenant, make_video) -> Landing:
    """The landing pages of the first project, which has a video."""
    make_video()
    return Landing(web, tenant.headers)


@pytest.fixture
def brand(web, tenant):
    """Call the routes of the brand of the first project."""

    def call(method: str = "GET", part: str = "", **options: object):
        path = f"/api/v1/workspaces/{tenant.project_id}/brand/{part}"
        answer = web.request(method, path, headers=tenant.headers, **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    return call


class TestBrand:
    def test_a_landing_page_shows_it(self, web, landing, brand):
        share = landing.put()
        brand("PATCH", json=BRAND)
        answer = web.get(share["publicUrl"])
        page = Page(answer.text)
        assert page.texts["title"] == "Your offer · Corvanta Bank"
        assert page.all("a", href=BRAND["home_url"])
        for name in ("privacy_url", "imprint_url"):
            assert page.all("a", href=BRAND[name], rel="noopener noreferrer")
        assert BRAND["footer"] in answer.text
        assert BRAND["consent"] in answer.text
        assert page.all("body", **{"class": "font-serif"})

    def test_no_word_of_playout_is_on_it_unless_wanted(self, web, landing, brand):
        share = landing.put(locale="en")
        text = web.get(share["publicUrl"]).text
        words = re.sub(r"<[^>]+>", " ", text)
        for word in ("Playout", "API reference", "Sign in"):
            assert word not in words
        brand("PATCH", json={"shows_playout": True})
        assert "Published with Playout" in web.get(share["publicUrl"]).text

    def test_its_logo_and_favicon_are_served_and_kept(self, web, landing, brand):
        share = landing.put()
        for name in ("logo", "favicon"):
            told = brand("PUT", f"{name}/", content=picture())
            answer = web.get(told[f"{name}_url"])
            assert answer.status_code == 200
            assert answer.headers["content-type"] in {"image/webp", "image/png"}
            assert "immutable" in answer.headers["cache-control"]
        page = Page(web.get(share["publicUrl"]).text)
        assert page.all("img", **{"class": "logo"})[0]["src"].startswith("/brand/")
        brand("DELETE", "logo/")
        assert not Page(web.get(share["publicUrl"]).text).all("img", **{"class": "logo"})
        assert web.get(told["logo_url"]).status_code == 404

    def test_the_policy_allows_its_colours_and_no_other_style(self, web, landing, brand):
        share = landing.put()
        brand("PATCH", json=BRAND)
        answer = web.get(share["publicUrl"])
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "--accent:#f2b544" in answer.text

    @pytest.mark.parametrize(
        "body",
        [
            {"color": "red"},
            {"accent": "#12345"},
            {"color": "#0d4f4a;}body{display:none"},
            {"font": "comic"},
            {"home_url": "javascript:alert(1)"},
            {"privacy_url": "https://user:pw@example.com/"},
            {"footer": "x" * 201},
        ],
    )
    def test_what_is_wrong_is_refused(self, web, tenant, body):
        path = f"/api/v1/workspaces/{tenant.project_id}/brand/"
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 400

    def test_a_picture_that_is_none_is_refused(self, web, tenant):
        path = f"/api/v1/workspaces/{tenant.project_id}/brand/logo/"
        answer = web.put(path, content=b"<svg/>", headers=tenant.headers)
        assert answer.status_code == 400

    def test_the_ledger_tells_what_changed_without_the_picture(self, web, tenant, brand):
        brand("PATCH", json={"color": "#102030"})
        events = web.get("/api/v1/events/?type=project.updated", headers=tenant.headers).json()
        assert events["results"][0]["changes"] == {"brand.color": ["#15171c", "#102030"]}


class TestContrast:
    @pytest.mark.parametrize("color", ["#ffffff", "#000000", "#f2b544", "#0d4f4a", "#808080"])
    def test_text_reads_whatever_the_colours(self, color):
        brand = plain_brand(1)
        brand.color = brand.accent = color
        look = look_of(brand)
        assert contrast(look.light, LIGHT) >= AA_TEXT
        assert contrast(look.dark, DARK) >= AA_TEXT
        assert contrast(look.on_accent, look.accent) >= AA_TEXT

    def test_the_api_tells_it(self, brand):
        told = brand("PATCH", json={"color": "#ffffff", "accent": "#f2b544"})
        assert told["contrast"]["color_on_light"] < 1.1
        assert told["contrast"]["text_on_accent"] > AA_TEXT
        assert told["shown_colors"][0] != "#ffffff"


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_each_has_every_text(self, language):
        used = set()
        for template in TEMPLATES.glob("*.html"):
            text = template.read_text()
            used |= {match[1] for match in re.finditer(r"""\b(?:t|text)\(["']([^"']+)["']""", text)}
        with (LOCALES / f"{language}.po").open("rb") as file:
            catalog = {each.id: each.string for each in read_po(file) if each.id}
        used |= SAID_BY_CODE
        assert used == {key for key, text in catalog.items() if text}

    @pytest.mark.parametrize(
        ("locale", "lang", "direction", "text"),
        [
            ("ar", "ar", "rtl", "الخصوصية"),
            ("de-CH", "de-CH", "ltr", "Datenschutz"),
            ("ja", "ja", "ltr", "プライバシー"),
            ("nl", "en", "ltr", "Privacy"),
            (None, "en", "ltr", "Privacy"),
        ],
    )
    def test_a_page_speaks_that_of_its_share(
        self, web, landing, brand, locale, lang, direction, text
    ):
        brand("PATCH", json=BRAND)
        answer = web.get(landing.put(locale=locale)["publicUrl"])
        assert Page(answer.text).all("html", lang=lang, dir=direction)
        assert text in answer.text

    def test_a_disabled_share_says_so_kindly_in_its_language(self, web, landing):
        share = landing.put(locale="fr")
        landing.act(share, "disable")
        answer = web.get(share["publicUrl"])
        assert answer.status_code == 404
        assert "Cette page est en pause" in answer.text
        assert Page(answer.text).meta("robots") == ["noindex"]

    def test_dates_are_written_as_in_the_language(self):
        moment = utcnow().replace(year=2026, month=12, day=6)
        assert messages("de").date(moment) == "6. Dezember 2026"
        assert messages("en-US").date(moment) == "December 6, 2026"
