"""The recipients of a landing page: imported, searched, revoked and deleted in the console."""

import csv
import io
import re
from collections.abc import Iterator

import pytest

from playout.core.permissions import Role
from playout.core.recipients import search
from tests.api.helpers.recipients import Recipients, csv_of, recipients_of
from tests.console.conftest import ORIGIN
from tests.helpers.tenants import EXTERNAL, Tenant, found_tenant

ROWS = csv_of(
    ["reference", "name", "saved"],
    ["c-1", "Ana", "12.5"],
    ["c-2", "", ""],
    ["c-3", "Cid", "much"],
    ["C-4 Straße", "Dan", ""],
)


@pytest.fixture(scope="module")
def tenant(runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture(scope="module")
def made(web, tenant) -> Recipients:
    body = {"title": "Film", "workspace": tenant.project_id, "external_url": EXTERNAL}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    return recipients_of(web, tenant, video)


@pytest.fixture
def recipients(made) -> Iterator[Recipients]:
    """A landing page with a template, and without recipients."""
    yield made
    made.delete()


@pytest.fixture
def path(recipients) -> str:
    return f"/landing/{recipients.project_id}/DEV/recipients"


@pytest.fixture
def bring(send, path):
    """Sends a file as the form does; returns the answer."""

    def bring(content: bytes, **fields: str):
        return send(path, files={"file": ("people.csv", content, "text/csv")}, **fields)

    return bring


def rows_of(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text)))


class TestImport:
    def test_errors_are_shown_by_line_and_the_links_of_the_others_are_a_file(
        self, web, tenant, look, bring, recipients
    ):
        answer = bring(ROWS)
        assert answer.status_code == 303, answer.text
        page = answer.headers["location"].removeprefix("/console")
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", look(page)))
        assert "2 imported. 2 rows need you." in shown
        assert re.search(r" 3 name .* 4 saved ", shown)
        assert "much" not in shown
        errors = rows_of(web.get(f"/console{page}/errors.csv", headers=tenant.headers))
        assert [row[:2] for row in errors] == [["line", "field"], ["3", "name"], ["4", "saved"]]
        people, import_id = page.split("/imports/")
        links = f"/console{people}/links.csv?import={import_id}"
        found = rows_of(web.get(links, headers=tenant.headers))
        assert [row[0] for row in found] == ["reference", "c-1", "C-4 Straße"]
        assert [row[2] for row in found[1:]] == [each["url"] for each in recipients.list()]

    def test_each_kind_of_file_is_known_by_its_beginning(self, bring, recipients):
        row = '{"reference": "j", "personalizationData": {"name": "Ana"}}'
        for content in (f"\ufeff [{row}]", f"{row}\n{row}", "name\nAna\n"):
            assert bring(content.encode()).status_code == 303
        assert len(recipients.list()) == 4

    def test_a_form_that_is_sent_twice_imports_once(self, bring, recipients):
        one, two = bring(ROWS, key="k" * 22), bring(ROWS, key="k" * 22)
        assert one.headers["location"] == two.headers["location"]
        assert len(recipients.list()) == 2

    def test_a_file_that_cannot_be_read_is_refused_beside_the_form(
        self, bring, recipients, send, path
    ):
        for content, told in {
            b"who\nAna\n": "no field of the name of column 1",
            b"name\n\xff\xfe\n": "not UTF-8",
            b"[{]": "JSON",
        }.items():
            answer = bring(content)
            assert answer.status_code == 400
            assert told in re.search(r'role="alert">(.*?)</div>', answer.text, re.S)[1]
        assert send(path, files={"file": ("", b"", "text/csv")}).status_code == 400
        assert bring(ROWS, expires_at="2020-01-01T00:00").status_code == 400
        assert recipients.list() == []

    def test_what_is_wrong_is_said_in_the_language_and_times_in_the_zone_of_the_reader(
        self, web, tenant, path, recipients
    ):
        headers = tenant.headers | ORIGIN | {"Accept-Language": "de"}
        headers |= {"Cookie": "playout_zone=Asia/Tokyo"}
        address = f"/console{path}"

        def bring(content: bytes):
            sent = {"form_zone": "Asia/Tokyo", "expires_at": "2096-07-01T12:00"}
            files = {"file": ("people.csv", content, "text/csv")}
            return web.post(address, data=sent, files=files, headers=headers)

        refused = bring(b"who\nAna\n")
        assert refused.status_code == 400
        assert "kein Feld" in re.search(r'role="alert">(.*?)</div>', refused.text, re.S)[1]
        page = bring(ROWS).url.path
        html = web.get(page, headers=headers).text
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
        assert "2 importiert. 2 Zeilen müssen Sie korrigieren." in shown
        assert "3 name Das Feld ist nötig." in shown
        assert "Die Links enden am 1. Juli 2096, 12:00 +0900," in shown
        assert "Links enden (Asia/Tokyo)" in web.get(address, headers=headers).text
        errors = rows_of(web.get(f"{page}/errors.csv", headers=headers))
        assert errors[1] == ["3", "name", "Das Feld ist nötig."]

    def test_the_example_file_can_be_imported(self, web, tenant, bring, path, recipients):
        example = web.get(f"/console{path}/example.csv", headers=tenant.headers)
        assert rows_of(example)[0] == ["reference", "name", "saved", "member", "expiresAt"]
        assert bring(example.content).status_code == 303
        assert [each["reference"] for each in recipients.list()] == ["4711"]


class TestList:
    def test_a_search_finds_parts_of_references_links_and_states(
        self, look, bring, recipients, path
    ):
        bring(ROWS)
        one, two = recipients.list()
        for query, found in {
            "": {"c-1", "C-4 Straße"},
            "search=STRASSE": {"C-4 Straße"},
            f"search={one['url']}": {"c-1"},
            "search=nobody": set(),
            "state=invited": {"c-1", "C-4 Straße"},
            "state=watched": set(),
            f"import={one['importId']}": {"c-1", "C-4 Straße"},
        }.items():
            shown = look(f"{path}?{query}")
            assert {each["reference"] for each in (one, two) if each["url"] in shown} == found, (
                query
            )

    def test_a_long_search_goes_on_where_it_stopped(self, look, bring, path, monkeypatch):
        monkeypatch.setattr(search, "MOST_READ", 2)
        monkeypatch.setattr(search, "AT_ONCE", 1)
        rows = [[f"c-{number}", "Ana"] for number in range(120)]
        bring(csv_of(["reference", "name"], *rows))
        shown, seen, query = look(path), 0, ""
        while "None so far" in (shown := look(f"{path}?search=c-119{query}")):
            query = "&after=" + re.search(r"after=([^\"&]+)", shown)[1]
            seen += 1
        assert seen
        assert "<strong>c-119</strong>" in shown


class TestEnd:
    def test_one_is_revoked_or_deleted_and_all_are(self, send, look, bring, recipients, path):
        bring(ROWS)
        one, two = recipients.list()
        assert recipients.page(one).status_code == 200
        answer = send(f"{path}/{one['id']}/revoke", back="state=invited")
        assert answer.headers["location"] == f"/console{path}?state=invited"
        assert recipients.page(one).status_code == 404
        assert one["url"] in look(f"{path}?state=revoked")
        send(f"{path}/{two['id']}/delete")
        assert [each["id"] for each in recipients.list()] == [one["id"]]
        send(f"{path}/delete")
        assert recipients.list() == []

    def test_only_who_may_change_the_page_sees_them(self, web, tenant, look, path):
        assert "/recipients" not in look("/landing", Role.DEVELOPER)


class TestPreviewAs:
    def test_a_production_says_what_the_link_of_a_recipient_shows(
        self, web, tenant, look, bring, recipients
    ):
        bring(ROWS)
        (video,) = web.get("/api/v1/videos/", headers=tenant.headers).json()["results"]
        page = f"/campaigns/{video['id']}"
        one, _ = recipients.list()
        for typed in ("c-1", one["url"]):
            shown = look(f"{page}?recipient={typed}")
            assert "plays.</strong>" in shown
            assert one["posterUrl"] in shown
        assert "The link ends at" in look(f"{page}?recipient=c-1&at=2999-01-01T00:00")
        recipients.revoke(one)
        assert "The link was revoked at" in look(f"{page}?recipient=c-1")
        assert "has a recipient" in look(f"{page}?recipient=nobody")
        assert 'name="recipient"' not in look(page, Role.DEVELOPER)
        assert one["url"] not in look(f"{page}?recipient=c-1", Role.DEVELOPER)


class TestWithoutTemplate:
    def test_a_channel_without_a_template_says_what_is_missing(
        self, web, tenant, look, send, recipients, path
    ):
        channels = f"/api/Projects/{recipients.project_id}/distribution-channels"
        web.post(f"{channels}/DEV/unpublish", headers=tenant.headers)
        assert "DEV plays no film template" in look(path)
        answer = send(path, files={"file": ("a.csv", ROWS, "text/csv")})
        assert answer.status_code == 409
