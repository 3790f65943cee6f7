"""All that the database holds of an organization: a request that is refused changes none of it."""

from functools import cache

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from playout.kit.database.engine import Model
from tests.helpers.tenants import Tenant

OUTSIDE = frozenset(
    {
        *("kept_answers", "users", "slugs", "video_counts", "upload_parts", "webhook_attempts"),
        *("analytics_counts", "analytics_days", "analytics_events", "analytics_salts"),
        *("analytics_seconds", "analytics_reported_views"),
        *("rendered_segment_uses", "passkeys", "identities", "spent_challenges"),
        *("experiment_counts", "experiment_links", "page_looks"),
    }
)
"""Tables whose rows are no organization's, or come and go by the clock; what is written there comes
with a row elsewhere."""


def snapshot(tenant: Tenant) -> list[tuple[str, str]]:
    """All that the database holds of the organization, but for the rows that tell of denials."""
    with tenant.runtime.database.read_session() as session:
        rows = session.execute(_everything(), {"organization_id": tenant.organization.id})
        return sorted((table, row) for table, row in rows)


@cache
def _everything() -> CompoundSelect[str, str]:
    tables = Model.metadata.sorted_tables
    return union_all(*(_of(table) for table in tables if table.name not in OUTSIDE))


def _of(table: Table) -> Select[str, str]:
    # When a key was used is written once in a while, by the clock.
    columns = [column for column in table.c if column.name != "last_used_at"]
    query = select(literal(table.name), func.jsonb_build_array(*columns).cast(Text))
    wanted = bindparam("organization_id", type_=BigInteger)
    if table.name == "organizations":
        return query.where(table.c.id == wanted)
    if table.name == "ledger":
        query = query.where(table.c.event != "access.denied")
    if "organization_id" in table.c:
        return query.where(table.c.organization_id == wanted)
    parent = next(each for each in ("project", "video", "asset", "key") if f"{each}_id" in table.c)
    owner = Model.metadata.tables[f"{parent}s"]
    mine = select(owner.c.id).where(owner.c.organization_id == wanted)
    return query.where(table.c[f"{parent}_id"].in_(mine))
