"""What the tests of the Productions API share."""

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
    """The API as one key sees it."""

    web: TestClient
    key: str

    def call(self, method: str, path: str, body: object = None, **headers: str):
        sent = {"X-API-Key": self.key} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.web.request(method, path, json=body, headers=sent)

    def data(self, method: str, path: str, body: object = None, **headers: str) -> list[Json]:
        """The array of an answer that says success."""
        answer = self.call(method, path, body, **headers)
        assert answer.status_code == (201 if method == "POST" else 200), answer.text
        assert answer.json()["status"] == "success"
        return answer.json()["data"]

    def one(self, method: str, path: str, body: object = None, **headers: str) -> Json:
        [only] = self.data(method, path, body, **headers)
        return only

    def made(self, path: str = "/productions", **fields: object) -> Json:
        return self.one("POST", path, [{"name": "A thing"} | fields])

    def every(self, path: str) -> list[Json]:
        """All of a list, page after page."""
        found, cursor = [], ""
        while True:
            joint = "&" if "?" in path else "?"
            answer = self.call("GET", f"{path}{joint}limit=3&cursor={cursor}").json()
            assert len(answer["data"]) <= 3
            found += answer["data"]
            cursor = answer["next_cursor"]
            if cursor is None:
                return found


def told(answer, status: int) -> str:
    """The message of a refusal, which has the API's shape and nothing else."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"status", "error"}
    assert body["status"] == "error"
    assert body["error"].keys() == {"message"}
    return body["error"]["message"]


def new_key(tenant, role: Role = Role.ORGANIZATION_ADMIN, **wanted: object) -> str:
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        _, secret = accounts.create_key(
            unit, tenant.runtime.signer, tenant.organization, "Its name", role=role, **wanted
        )
    return secret


def new_project(tenant) -> int:
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return projects.create(unit, tenant.organization, secrets.token_hex(6)).id


def ledger(tenant, event: str | None = None) -> list[Entry]:
    """Rows of the tenant's ledger, oldest first."""
    with tenant.runtime.database.reading() as session:
        query = select(Entry).where(Entry.organization_id == tenant.organization.id)
        if event is not None:
            query = query.where(Entry.event == event)
        return list(session.scalars(query.order_by(Entry.id)))
