"""A webhook endpoint of a test: its rows, and events for it."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from playout.core.ledger.model import Subject
from playout.core.principal import OPERATOR
from playout.core.unit import Origin, WriteUnit
from playout.core.webhooks.model import Attempt, Delivery, Endpoint
from playout.runtime import Runtime
from tests.helpers.tenants import Tenant


@dataclass(frozen=True)
class OpenedEndpoint:
    """An endpoint of a tenant."""

    runtime: Runtime
    tenant: Tenant
    id: int
    secret: str

    def row(self) -> Endpoint:
        with self.runtime.database.read_session() as session:
            found = session.get(Endpoint, self.id)
        assert found is not None
        return found

    def deliveries(self) -> list[Delivery]:
        with self.runtime.database.read_session() as session:
            query = select(Delivery).where(Delivery.endpoint_id == self.id).order_by(Delivery.id)
            return list(session.scalars(query))

    def attempts(self) -> list[Attempt]:
        with self.runtime.database.read_session() as session:
            query = select(Attempt).join(Delivery, Delivery.id == Attempt.delivery_id)
            query = query.where(Delivery.endpoint_id == self.id).order_by(Attempt.id)
            return list(session.scalars(query))

    def set(self, **values: Any) -> None:
        """Set columns, for example to what they are after days."""
        with self.runtime.database.write_session() as session:
            row = session.get(Endpoint, self.id)
            for name, value in values.items():
                setattr(row, name, value)


def happen(unit: WriteUnit, tenant: Tenant, event: str = "video.updated", **changes: Any) -> str:
    """Record an event of the tenant in a unit of work; return the id of its subject."""
    name = secrets.token_hex(8)
    subject = Subject(
        "video",
        name,
        tenant.organization.id,
        tenant.project_id,
        names={"video": {"uid": name}},
    )
    unit.record(event, subject, changes)
    return name


def happened(tenant: Tenant, event: str = "video.updated", **changes: Any) -> str:
    """Record an event as `happen` does, and commit it."""
    with tenant.runtime.work.write(OPERATOR, Origin("tests", "request-1")) as unit:
        return happen(unit, tenant, event, **changes)
