"""Recipients: imported, listed, revoked, deleted."""

import csv
import io
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from playout.core.principal import OPERATOR
from playout.core.projects.channel import Channel
from playout.core.recipients import imports, jobs, links, rows
from playout.core.recipients.model import MOST_ERRORS, Recipient
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from playout.kit.errors import Conflict
from tests.api.helpers.recipients import Recipients, csv_of, recipients_of
from tests.api.helpers.renders import SECRET
from tests.api.helpers.tools import ledger
from tests.helpers.tenants import bearer

NDJSON = "application/x-ndjson"


@pytest.fixture
def recipients(web, tenant, make_video) -> Recipients:
    return recipients_of(web, tenant, make_video())


def import_id_of(answer):
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


class TestImport:
    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            ("text/csv", "\ufeffreference;name;saved;member\r\nr1;Ana;12.5;true\r\nr2;Bea;;\r\n"),
            ("text/csv", 'name,reference,member\n"Ana",r1,TRUE\n\n"Bea","r2",\n'),
            (
                "application/json",
                '[{"reference": "r1", "personalizationData": {"name": "Ana"}},\n'
                ' {"reference": "r2", "personalizationData": {"name": "Bea"}}]',
            ),
            (
                NDJSON,
                '{"reference": "r1", "personalizationData": {"name": "Ana", "member": true}}\n\n'
                '{"reference": "r2", "personalizationData": {"name": "Bea"}}',
            ),
        ],
    )
    def test_each_row_gets_a_link_of_its_own(self, recipients, kind, content):
        made = recipients.post(content.encode(), kind).json()
        assert (made["status"], made["rowsRead"], made["accepted"]) == ("completed", 2, 2), made
        assert recipients.get(f"/imports/{made['id']}") == made
        assert recipients.get("/imports") == [made]
        one, two = recipients.list()
        assert [one["reference"], two["reference"]] == ["r1", "r2"]
        assert one["url"] != two["url"]
        assert (one["state"], one["views"], one["importId"]) == ("invited", 0, made["id"])
        assert recipients.get(f"/{one['id']}") == one

    def test_wrong_rows_are_refused_with_their_lines_and_no_value(self, recipients):
        content = csv_of(
            ["name", "saved", "member", "expiresAt"],
            ["Ana\u202e", "1", "", ""],
            ["Two\nlines", "", "", ""],
            ["", "1", "", ""],
            ["Bea", SECRET, "perhaps", ""],
            ["Cid", "1", "true", "2020-01-01"],
            ["Dan", "1", "true", "soon"],
            ["Eva", "1"],
            ["Fay", "1", "false", "2999-01-01"],
            [SECRET * 9, "1", "true", ""],
        )
        made = recipients.post(content).json()
        assert (made["rowsRead"], made["accepted"], made["refused"]) == (9, 1, 8)
        found = [(each["line"], each["field"]) for each in made["errors"]]
        assert found == [
            *((2, "name"), (3, "name"), (5, "name"), (6, "saved"), (6, "member")),
            *((7, "expiresAt"), (8, "expiresAt"), (9, ""), (11, "name")),
        ]
        assert "Zaphod" not in json.dumps(made)
        assert recipients.list()[0]["expiresAt"] == "2999-01-02T00:00:00.000Z"

    def test_json_rows_have_types_and_no_other_names(self, recipients):
        wrong = (
            '{"personalizationData": {"name": "Ana", "saved": "12"}}',
            '{"personalizationData": {"name": 12}}',
            '{"personalizationData": []}',
            '{"reference": 12, "personalizationData": {"name": "Ana"}}',
            '{"name": "Ana"}',
            '{"name": "Ana", "name": "Bea"}',
            "[1]",
            "{",
            "[" * 100_0,
        )
        made = recipients.post("\n".join(wrong).encode(), NDJSON).json()
        assert (made["accepted"], made["refused"]) == (0, len(wrong))
        assert [each["line"] for each in made["errors"]] == [1, 2, 3, 4, 5, 6, 7, 8, 9]

    def test_the_list_of_errors_is_bounded(self, recipients):
        made = recipients.post(b"name,saved\n" + b"Ana,x\n" * (MOST_ERRORS + 50)).json()
        assert made["refused"] == MOST_ERRORS + 50
        assert len(made["errors"]) == MOST_ERRORS

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            ("text/csv", b"name,nickname\nAna,A\n"),
            ("text/csv", b"name,name\nAna,A\n"),
            ("text/csv", b'name\nAna\n"Bea\n'),
            ("text/csv", b"name\n\xff\n"),
            ("text/csv", b"name\n" + b"x" * 70_000),
            ("application/json", b'{"personalizationData": {}}'),
            ("application/json", b'[{"personalizationData": {}}'),
            ("application/json", b"[{}, nonsense]"),
            ("application/json", b"[] []"),
            ("application/json", b'[{"a": ' + b"[" * 70_000),
        ],
    )
    def test_a_file_that_cannot_be_read_is_a_clear_error(self, recipients, kind, content):
        answer = recipients.post(content, kind)
        assert answer.status_code == 400, answer.text
        assert "Ana" not in answer.text
        assert recipients.list() == []

    def test_other_media_types_and_bad_keys_are_refused(self, recipients):
        assert recipients.post(b"name\nAna\n", "text/plain").status_code == 415
        assert recipients.post(b"name\nAna\n", Idempotency_Key="a key").status_code == 400
        for end in ("soon", "2020-01-01T00:00:00Z"):
            assert recipients.post(b"name\nAna\n", query=f"?expiresAt={end}").status_code == 400

    def test_a_channel_without_a_template_is_a_conflict(self, web, tenant, recipients):
        path = f"/api/Projects/{recipients.project_id}/distribution-channels/DEV/unpublish"
        assert web.post(path, headers=tenant.headers).status_code == 200
        assert recipients.post(b"name\nAna\n").status_code == 409

    def test_it_leaves_two_events_in_the_audit_trail_of_the_share(self, recipients, runtime):
        answer = recipients.post(b"name\n%s\n" % SECRET.encode())
        events = ledger(runtime, request_id=answer.headers["x-request-id"])
        assert [each.event for each in events] == [
            "recipients.import_started",
            "recipients.imported",
        ]
        assert events[1].changes["accepted"] == [None, 1]
        trail = recipients.web.get(f"{recipients.share}/audit", headers=recipients.tenant.headers)
        assert trail.json()[0]["event"] == "recipients.imported"


class TestResume:
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch):
        monkeypatch.setattr(imports, "BATCH", 10)

    def test_the_same_file_again_goes_on_where_it_broke_off(self, recipients, monkeypatch):
        content = b"name,reference\n" + b"".join(b"Ana,%d\n" % each for each in range(35))
        broken = content[: content.index(b"Ana,25")] + b'"'
        assert recipients.post(broken, Idempotency_Key="k").status_code == 400
        (state,) = recipients.get("/imports")
        assert (state["status"], state["rowsRead"], state["accepted"]) == ("incomplete", 20, 20)
        answer = recipients.post(content, Idempotency_Key="k")
        assert answer.json()["id"] == state["id"]
        assert (answer.json()["status"], answer.json()["accepted"]) == ("completed", 35)
        assert [each["reference"] for each in recipients.list()] == [str(n) for n in range(35)]
        again = recipients.post(content, Idempotency_Key="k")
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == answer.json()
        assert len(recipients.list()) == 35
        for other in (content + b"Bea,35\n", content[:-7], content.replace(b",3\n", b",x\n")):
            assert recipients.post(other, Idempotency_Key="k").status_code == 422
        assert import_id_of(recipients.post(content, Idempotency_Key="l")) != state["id"]

    def test_two_requests_cannot_write_the_same_rows(self, recipients, runtime):
        content = b"name\n" + b"Ana\n" * 25
        uid, expires = UUID(recipients.project_id), utcnow() + timedelta(days=1)
        new = imports.NewImport(uid, Channel.DEV, b"k", expires, 90)
        one, other = (
            imports.Importer(
                lambda: runtime.work.write(OPERATOR, Origin("tests")),
                new,
                rows.CsvRows(),
                runtime.cipher,
                runtime.signer,
            )
            for _ in range(2)
        )
        one.feed(content[:60])
        with pytest.raises(Conflict):
            other.feed(content)
        one.feed(content[60:], is_last=True)
        assert len(recipients.list()) == one.result().accepted == 25


class TestList:
    def test_pages_follow_each_other(self, recipients):
        recipients.post(b"name,reference\n" + b"".join(b"A,%d\n" % each for each in range(7)))
        first = recipients.get("?limit=3")
        second = recipients.get(f"?limit=3&cursor={first['nextCursor']}")
        third = recipients.get(f"?limit=3&cursor={second['nextCursor']}")
        found = [each["reference"] for page in (first, second, third) for each in page["items"]]
        assert found == [str(each) for each in range(7)]
        assert third["nextCursor"] is None
        path = f"{recipients.path}?cursor=x"
        assert recipients.web.get(path, headers=recipients.tenant.headers).status_code == 400

    def test_other_organizations_find_nothing(self, recipients, other_tenant):
        one = recipients.invite(name="Ana")
        for path in ("", "/imports", f"/{one['id']}"):
            answer = recipients.web.get(recipients.path + path, headers=bearer(other_tenant.key))
            assert answer.status_code == 404


class TestLinks:
    def test_the_file_has_all_of_an_import_in_its_order(self, recipients, monkeypatch):
        monkeypatch.setattr(links, "AT_ONCE", 3)
        recipients.invite(name="Before")
        content = "reference,name\n" + "".join(f'"{each}, x",A\n' for each in range(7))
        made = recipients.post(content.encode()).json()
        answer = recipients.web.get(
            f"{recipients.path}/links.csv?importId={made['id']}", headers=recipients.tenant.headers
        )
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["cache-control"] == "no-store"
        found = list(csv.DictReader(io.StringIO(answer.text)))
        assert [each["reference"] for each in found] == [f"{each}, x" for each in range(7)]
        listed = {each["id"]: each for each in recipients.list()}
        assert len(listed) == 8
        for each in found:
            whole = {name: str(value) for name, value in listed[each["id"]].items()}
            assert each.items() <= whole.items()
        code = found[0]["url"].rpartition("/")[2]
        assert re.fullmatch(
            rf"http://testserver/films/{code}-[0-9a-f]+/poster\.png", found[0]["posterUrl"]
        )
        recipients.put_share(password="quiet harbour")
        path = f"{recipients.path}/links.csv"
        hidden = recipients.web.get(path, headers=recipients.tenant.headers).text
        assert "/s/" in hidden
        assert "/films/" not in hidden


class TestRevokeAndDelete:
    def test_a_revoked_link_is_not_found_and_stays_in_the_list(self, recipients, runtime):
        one, other = recipients.invite(name="Ana"), recipients.invite(name="Bea")
        assert recipients.page(one).status_code == 200
        assert recipients.revoke(one)["state"] == "revoked"
        assert recipients.revoke(one)["revokedAt"] == recipients.list()[0]["revokedAt"]
        assert recipients.page(one).status_code == 404
        assert recipients.page(other).status_code == 200
        assert [each.event for each in ledger(runtime, subject_id=one["id"])] == [
            "recipient.revoked"
        ]

    def test_a_deleted_one_leaves_nothing_but_events(self, recipients, runtime):
        one, other = recipients.invite(name=SECRET), recipients.invite(name="Bea")
        assert recipients.delete(f"/{one['id']}").status_code == 204
        assert recipients.delete(f"/{one['id']}").status_code == 404
        assert recipients.page(one).status_code == 404
        assert [each["id"] for each in recipients.list()] == [other["id"]]
        assert recipients.delete().status_code == 204
        assert recipients.list() == []
        assert recipients.page(other).status_code == 404
        assert recipients.delete().status_code == 204

    def test_expired_ones_go_by_themselves(self, recipients, runtime):
        one = recipients.invite(name="Ana")
        with runtime.database.write_session() as session:
            late = {"expires_at": utcnow() - timedelta(seconds=1)}
            session.execute(update(Recipient).where(Recipient.id == UUID(one["id"])).values(late))
        assert recipients.page(one).status_code == 404
        jobs.remove_expired.function(runtime)
        assert recipients.list() == []


class TestPersonalData:
    def test_it_is_encrypted_in_the_database_and_in_no_event(self, recipients, runtime):
        one = recipients.import_rows(
            [{"reference": f"ref-{SECRET}", "personalizationData": {"name": SECRET}}]
        )
        with runtime.database.read_session() as session:
            for table in ("recipients", "recipient_imports", "ledger", "kept_answers"):
                found = session.execute(text(f"SELECT t::text FROM {table} t")).scalars()
                assert not any("Zaphod" in row for row in found), table
            query = select(Recipient.secret).where(Recipient.import_id == UUID(one["id"]))
            assert SECRET in runtime.cipher.decrypt(session.scalars(query).one())
