"""Use cases of endpoints: create, update, pause, resume, delete; their secrets; a test event."""

import base64
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypedDict

import httpx2

from playout.core.accounts.model import Organization
from playout.core.ledger.model import differences
from playout.core.permissions import Permission
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.web_addresses import check_web_addresses
from playout.core.webhooks import queries
from playout.core.webhooks.events import PATTERNS, TEST, WEBHOOK_EVENTS
from playout.core.webhooks.jobs import send_due
from playout.core.webhooks.model import Endpoint, EndpointState
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Conflict, Invalid, NotFound

SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""Time for which both secrets sign after a rotation."""


class EndpointChanges(TypedDict, total=False):
    """New values of an endpoint's fields. Fields that are left out keep theirs."""

    url: str
    description: str
    event_types: Sequence[str]
    project_ids: list[int] | None
    rate: int | None


def create(
    unit: WriteUnit,
    cipher: SecretCipher,
    organization: Organization,
    url: str,
    event_types: Sequence[str],
    *,
    description: str = "",
    project_ids: Sequence[int] | None = None,
    rate: int | None = None,
) -> tuple[Endpoint, str]:
    """Create an endpoint; return it with its secret. Raise `Invalid`."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    secret = new_secret()
    endpoint = Endpoint(
        organization_id=organization.id,
        url=_checked_url(url),
        description=description,
        event_types=_checked_patterns(event_types),
        project_ids=list(project_ids) if project_ids is not None else None,
        rate=rate,
        state=EndpointState.ENABLED,
        secret=cipher.encrypt(secret),
        created_by=unit.principal.name,
    )
    unit.session.add(unit.stamp(endpoint))
    unit.session.flush()
    unit.record("webhook.created", endpoint, differences({}, endpoint.audit_state()))
    return endpoint, secret


def update(unit: WriteUnit, endpoint_id: int, changes: EndpointChanges) -> Endpoint:
    """Change some fields of an endpoint. Values that it has already leave no row in the ledger."""
    endpoint = locked(unit, endpoint_id)
    before = endpoint.audit_state()
    if "url" in changes:
        endpoint.url = _checked_url(changes["url"])
    if "description" in changes:
        endpoint.description = changes["description"]
    if "event_types" in changes:
        endpoint.event_types = _checked_patterns(changes["event_types"])
    if "project_ids" in changes:
        endpoint.project_ids = changes["project_ids"]
    if "rate" in changes:
        endpoint.rate = changes["rate"]
    _record(unit, endpoint, "updated", before)
    return endpoint


def delete(unit: WriteUnit, endpoint_id: int) -> None:
    """Delete an endpoint with its deliveries."""
    endpoint = locked(unit, endpoint_id)
    unit.session.delete(endpoint)
    unit.record("webhook.deleted", endpoint.subject, {"url": [endpoint.url, None]})


def pause(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Let deliveries wait. Raise `Conflict` if the endpoint is disabled: it gets none."""
    endpoint = locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: nothing is sent to it anyway.")
    before = endpoint.audit_state()
    endpoint.state = EndpointState.PAUSED
    _record(unit, endpoint, "paused", before)
    return endpoint


def resume(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Send to a paused or disabled endpoint again. Deliveries that wait are sent first."""
    endpoint = locked(unit, endpoint_id)
    before = endpoint.audit_state()
    endpoint.resume()
    _record(unit, endpoint, "resumed", before)
    unit.defer(send_due, endpoint.id)
    return endpoint


def reveal(unit: ReadUnit, cipher: SecretCipher, endpoint_id: int) -> list[str]:
    """Return the secrets that sign now, the newest first."""
    endpoint = get(unit, endpoint_id)
    return [cipher.decrypt(secret) for secret in endpoint.encrypted_secrets(unit.now)]


def rotate(unit: WriteUnit, cipher: SecretCipher, endpoint_id: int) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret and return both. The old secret signs too, for `OVERLAP`."""
    endpoint = locked(unit, endpoint_id)
    secret = new_secret()
    endpoint.rotate(cipher.encrypt(secret), unit.now, OVERLAP)
    unit.record("webhook.secret_rotated", endpoint)
    return endpoint, secret


def reencrypt_secrets(unit: WriteUnit, cipher: SecretCipher) -> int:
    """Encrypt all secrets with the first key; return the number of endpoints."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    found = queries.endpoints(unit)
    for endpoint in found:
        endpoint.secret = cipher.reencrypt(endpoint.secret)
        if endpoint.previous_secret is not None:
            endpoint.previous_secret = cipher.reencrypt(endpoint.previous_secret)
    return len(found)


def send_test(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Send `webhook.test` to an endpoint. Raise `Conflict` if it is disabled."""
    endpoint = locked(unit, endpoint_id)
    if endpoint.state is EndpointState.DISABLED:
        raise Conflict("The endpoint is disabled: resume it first.")
    unit.record(TEST, endpoint.subject)
    return endpoint


def get(unit: ReadUnit, endpoint_id: int) -> Endpoint:
    """Return an endpoint of the caller's organization. Raise `NotFound`."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    return _found(queries.by_id(unit, endpoint_id))


def locked(unit: WriteUnit, endpoint_id: int) -> Endpoint:
    """Return an endpoint as `get` does, locked until the commit."""
    unit.principal.require(Permission.WEBHOOKS_WRITE)
    endpoint = _found(queries.for_update(unit, endpoint_id))
    unit.check_if_match(endpoint.etag)
    return endpoint


def new_secret() -> str:
    """Return a new secret: `whsec_` and random bytes in base64.

    The Standard Webhooks specification asks for 24 to 64 bytes.
    """
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _record(unit: WriteUnit, endpoint: Endpoint, verb: str, before: dict[str, Any]) -> None:
    changed = differences(before, endpoint.audit_state())
    if changed:
        unit.record(f"webhook.{verb}", endpoint, changed)


def _checked_url(url: str) -> str:
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise _invalid("url", "That is not a web address.") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise _invalid("url", "Only http and https addresses are reached.")
    check_web_addresses({"url": url})
    return url


def _checked_patterns(event_types: Sequence[str]) -> list[str]:
    """Return each pattern once, in the given order, with `share.` written as `share.*`."""
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
