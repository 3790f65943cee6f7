"""Use cases of endpoints: open, change, pause, resume, close; their secrets; a trial."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx2

from playout.core.accounts.model import Organization
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.webhooks import queries
from playout.core.webhooks.events import PATTERNS, TEST, WEBHOOK_EVENTS
from playout.core.webhooks.jobs import send_due
from playout.core.webhooks.model import Endpoint, EndpointState
from playout.kit.encryption import Vault
from playout.kit.errors import Conflict, Invalid, NotFound

SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""How long both secrets sign after a rotation."""
FIELDS = ("url", "description", "event_types", "project_ids", "rate")
"""What a caller may say of an endpoint."""


def create(
    unit: WriteUnit,
    vault: Vault,
    organization: Organization,
    url: str,
    event_types: Sequence[str],
    *,
    description: str = "",
    project_ids: Sequence[int] | None = None,
    rate: int | None = None,
) -> tuple[Endpoint, str]:
    """Open an endpoint; return it with its secret. Raises `Invalid`."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    secret = new_secret()
    endpoint = Endpoint(
        organization_id=organization.id,
        url=_url(url),
        description=description,
        event_types=_patterns(event_types),
        project_ids=list(project_ids) if project_ids is not None else None,
        rate=rate,
        state=EndpointState.ENABLED,
        secret=vault.seal(secret),
        created_at=unit.now,
        created_by=unit.principal.name,
        updated_at=unit.now,
    )
    unit.session.add(endpoint)
    unit.session.flush()
    unit.record("webhook.created", endpoint.subject, differences({}, endpoint.told()))
    return endpoint, secret


def update(unit: WriteUnit, endpoint_id: int, fields: Mapping[str, Any]) -> Endpoint:
    """Change the fields of `FIELDS` that are given. What is so already leaves no trace."""
    endpoint = locked(unit, endpoint_id)
    before = endpoint.told()
    checks = {"url": _url, "event_types": _patterns}
    for name, value in fields.items():
        setattr(endpoint, name, checks[name](value) if name in checks else value)
    _record(unit, endpoint, "updated", before)
    return endpoint


def delete(unit: WriteUnit, endpoint_id: int) -> None:
    """Close an endpoint; its deliveries go with it."""
    endpoint = locked(unit, endpoint_id)
    unit.session.delete(endpoint)
    unit.record("webhook.deleted", endpoint.subject, {"url": [endpoint.url, None]})


def pause(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Have deliveries wait. Raises `Conflict` where it is disabled: there are none to wait."""
    endpoint = locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: nothing is sent to it as it is.")
    before = endpoint.told()
    endpoint.state = EndpointState.PAUSED
    _record(unit, endpoint, "paused", before)
    return endpoint


def resume(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Send again, what has waited first, whether it was paused or disabled."""
    endpoint = locked(unit, endpoint_id)
    before = endpoint.told()
    endpoint.resume()
    _record(unit, endpoint, "resumed", before)
    unit.defer(send_due, endpoint.id)
    return endpoint


def reveal(unit: ReadUnit, vault: Vault, endpoint_id: int) -> list[str]:
    """The secrets that sign now, the newest first."""
    endpoint = get(unit, endpoint_id)
    return [vault.open(sealed) for sealed in endpoint.sealed_secrets(unit.now)]


def rotate(unit: WriteUnit, vault: Vault, endpoint_id: int) -> tuple[Endpoint, str]:
    """A new secret; the one it replaces signs beside it for `OVERLAP`."""
    endpoint = locked(unit, endpoint_id)
    secret = new_secret()
    endpoint.rotate(vault.seal(secret), unit.now, OVERLAP)
    endpoint.updated_at = unit.now
    unit.record("webhook.secret_rotated", endpoint.subject)
    return endpoint, secret


def reseal(unit: WriteUnit, vault: Vault) -> int:
    """Encrypt all secrets under the newest key of the vault; of how many endpoints they are."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    found = queries.endpoints(unit)
    for endpoint in found:
        endpoint.secret = vault.renew(endpoint.secret)
        if endpoint.previous_secret is not None:
            endpoint.previous_secret = vault.renew(endpoint.previous_secret)
    return len(found)


def try_out(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Send `webhook.test`. Raises `Conflict` where the endpoint is disabled."""
    endpoint = locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: resume it first.")
    unit.record(TEST, endpoint.subject)
    return endpoint


def get(unit: ReadUnit, endpoint_id: int) -> Endpoint:
    """One endpoint of the caller's organization; else `NotFound`."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    return _found(queries.by_id(unit, endpoint_id))


def locked(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """As `get` does, so that what happens to it happens in turn."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    endpoint = _found(queries.for_update(unit, endpoint_id))
    unit.expect(endpoint.etag)
    return endpoint


def new_secret() -> str:
    """As the Standard Webhooks specification writes them: `whsec_` and 24 to 64 bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _record(unit: WriteUnit, endpoint: Endpoint, verb: str, before: dict[str, Any]) -> None:
    changed = differences(before, endpoint.told())
    if changed:
        endpoint.updated_at = unit.now
        unit.record(f"webhook.{verb}", endpoint.subject, changed)


def _url(url: str) -> str:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise _invalid("url", "That is not a web address.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise _invalid("url", "Only http and https addresses are reached.")
    if parsed.userinfo:
        raise _invalid("url", "An address with a password in it is not kept.")
    return url


def _patterns(event_types: Sequence[str]) -> list[str]:
    """Each once, `share.` as `share.*`, in the order in which they were named."""
    written = dict.fromkeys(f"{each}*" if each.endswith(".") else each for each in event_types)
    unknown = [each for each in written if each not in PATTERNS]
    if unknown or not written:
        known = ", ".join(WEBHOOK_EVENTS)
        raise _invalid("event_types", f"Name some of: {known}; or a prefix of one like share.*")
    return list(written)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", {field: message})


def _found(endpoint: Endpoint | None) -> Endpoint:
    if endpoint is None:
        raise NotFound("There is no such webhook.")
    return endpoint
