"""A client of the Productions API, and what its tests need of the database."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin

Json = dict[str, Any]


@dataclass(frozen=True)
class Productions:
    """The Productions API with one key."""

    web: TestClient
    key: str

    def call(self, method: str, path: str, body: object = None, **headers: str):
        sent = {"X-API-Key": self.key} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.web.request(method, path, json=body, headers=sent)

    def data(self, method: str, path: str, body: object = None, **headers: str) -> list[Json]:
        """Return the `data` of a successful answer."""
        answer = self.call(method, path, body, **headers)
        assert answer.status_code == (201 if method == "POST" else 200), answer.text
        assert answer.json()["status"] == "success"
        return answer.json()["data"]

    def one(self, method: str, path: str, body: object = None, **headers: str) -> Json:
        [only] = self.data(method, path, body, **headers)
        return only

    def create(self, path: str = "/productions", **fields: object) -> Json:
        return self.one("POST", path, [{"name": "A thing"} | fields])

    def all_pages(self, path: str) -> list[Json]:
        """Return all items of a list, page after page."""
        found, cursor = [], ""
        while True:
            joint = "&" if "?" in path else "?"
            answer = self.call("GET", f"{path}{joint}limit=3&cursor={cursor}").json()
            assert len(answer["data"]) <= 3
            found += answer["data"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return found


def error_message(answer, status: int) -> str:
    """Return the message of an error, whose body has the form of this API."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"status", "error"}
    assert body["status"] == "error"
    assert body["error"].keys() == {"message"}
    return body["error"]["message"]


def new_key(tenant, role: Role = Role.ORGANIZATION_ADMIN, **fields: object) -> str:
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        _, secret = accounts.create_key(
            unit, tenant.runtime.signer, tenant.organization, "Its name", role=role, **fields
        )
    return secret


def new_project(tenant) -> int:
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return projects.create(unit, tenant.organization, secrets.token_hex(6)).id


def ledger(tenant, event: str | None = None) -> list[Entry]:
    """Return the events of the tenant, oldest first."""
    with tenant.runtime.database.read_session() as session:
        query = select(Entry).where(Entry.organization_id == tenant.organization.id)
        if event is not None:
            query = query.where(Entry.event == event)
        return list(session.scalars(query.order_by(Entry.id)))
