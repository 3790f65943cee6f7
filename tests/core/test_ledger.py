"""The ledger is append-only."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import exc, text

from playout.core.ledger.model import Subject, differences
from playout.core.principal import OPERATOR
from playout.core.unit import Origin

COUNT = text("SELECT count(*) FROM ledger WHERE subject_id = :subject")


def write(runtime, subject: str, fail: bool = False) -> None:
    with runtime.work.write(OPERATOR, Origin("tests", "request-1")) as unit:
        unit.record("tests.happened", Subject("test", subject, None), {"a": [1, 2]})
        if fail:
            raise RuntimeError


def count(runtime, subject: str) -> int:
    with runtime.database.read_session() as session:
        return session.scalar(COUNT, {"subject": subject})


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger SET event = 'other'",
            "UPDATE ledger SET changes = '{}' WHERE id = 1",
            "DELETE FROM ledger",
            "DELETE FROM ledger WHERE false",
            "TRUNCATE ledger",
            "TRUNCATE ledger CASCADE",
        ],
    )
    def test_changing_or_deleting_is_refused_by_the_database(self, runtime, statement):
        write(runtime, "kept")
        before = count(runtime, "kept")
        with (
            pytest.raises(exc.DBAPIError, match="append-only"),
            runtime.database.write_session() as session,
        ):
            session.execute(text(statement))
        assert count(runtime, "kept") == before

    def test_a_row_is_written_with_the_work_or_not_at_all(self, runtime):
        with pytest.raises(RuntimeError):
            write(runtime, "failed", fail=True)
        assert count(runtime, "failed") == 0

    def test_a_row_names_the_actor_the_api_and_the_request(self, runtime):
        write(runtime, "named")
        with runtime.database.read_session() as session:
            row = session.execute(text("SELECT * FROM ledger WHERE subject_id = 'named'")).one()
        assert (row.actor_kind, row.actor_id, row.actor_name) == ("operator", "cli", "Operator")
        assert (row.api, row.request_id, row.changes) == ("tests", "request-1", {"a": [1, 2]})


class TestDifferences:
    def test_only_fields_that_differ_are_listed_with_before_and_after(self):
        before = {"a": 1, "b": "x", "c": None, "d": ["t"]}
        after = {"a": 1, "b": "y", "c": False, "d": ["t", "u"], "e": 0}
        assert differences(before, after) == {
            "b": ["x", "y"],
            "c": [None, False],
            "d": [["t"], ["t", "u"]],
            "e": [None, 0],
        }

    def test_json_can_hold_the_values(self):
        moment, uid = datetime(2026, 1, 2, tzinfo=UTC), UUID(int=1)
        assert differences({}, {"at": moment, "uid": uid, "both": (moment, uid)}) == {
            "at": [None, moment.isoformat()],
            "uid": [None, str(uid)],
            "both": [None, [moment.isoformat(), str(uid)]],
        }
