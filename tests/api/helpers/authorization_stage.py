"""An organization, and every kind of caller with the headers that they send."""

import base64
from dataclasses import dataclass

from playout.core.accounts import service as accounts
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from tests.api.helpers.authorization import ANOTHER, RENDER
from tests.api.helpers.things import Things, make_key
from tests.api.helpers.tools import bearer
from tests.helpers.tenants import Tenant, found_tenant


@dataclass(frozen=True)
class Stage:
    """An organization, the headers that each caller sends to it, and its things."""

    tenant: Tenant
    headers: dict[str, dict[str, str]]
    things: Things


def set_up(web, runtime) -> Stage:
    tenant = found_tenant(runtime)
    things = Things(web, tenant)
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        elsewhere = projects.create(unit, tenant.organization, "Elsewhere")
    revoked_id, revoked = make_key(tenant)
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        accounts.revoke_key(unit, revoked_id)
    # Of a project by itself: in its own project a render credential may render.
    made, last = Things(web, tenant).credential("Renders"), tenant.key[-1]
    pair = base64.b64encode(f"{made['apiKey']}:{made['apiSecret']}".encode()).decode()
    headers = {
        "nothing": {},
        "junk": bearer("junk"),
        "bad checksum": bearer(tenant.key[:-1] + ("A" if last != "A" else "B")),
        "revoked": bearer(revoked),
        ANOTHER: bearer(found_tenant(runtime).key),
        "a sub-account": bearer(tenant.sub_account_key()),
        "another project": bearer(make_key(tenant, project_ids=[elsewhere.id])[1]),
        RENDER: {"Authorization": f"Basic {pair}"},
        **{role: bearer(key) for role, key in tenant.keys.items()},
    }
    return Stage(tenant, headers, things)
