"""Components that the OpenAPI documents of all four APIs share."""

from typing import Any

from playout.kit.http.idempotency import LIFETIME as KEPT

Json = dict[str, Any]

DESCRIPTION = f"""

**Credentials.** Send an API key in `X-API-Key` or as `Authorization: Bearer`, a sub-account's key
in `x-customer-sub-account-api-key` or as Bearer, and a user's token as Bearer. Send a render
credential as HTTP Basic, or in `X-API-Key` with `X-API-Secret`. Only the operations that list it
accept it. A missing or wrong credential is a 401. A valid credential without the permission is a
403.

**Idempotency.** Send an `Idempotency-Key` with a write to have it done only once. For
{KEPT.days * 24} hours, the same key with the same request returns the first answer again, with
`Idempotency-Replayed: true`. The same key with another request is a 422.

**Limits.** Every answer to a valid credential reports its rate limit in the `RateLimit` fields.
Above the limit, the answer is a 429 with `Retry-After`. A JSON body may have 1 MiB (16 KiB if
the request writes nothing) and 32 levels of nesting. Duplicate keys, NaN, NUL characters and lone
surrogates are a 400. Unknown fields are ignored.

**Tracing.** Every answer carries an `X-Request-Id`: that of the request, or a new one.
"""
"""Text that follows the description of every API."""


def _key_scheme(name: str, description: str) -> Json:
    return {"type": "apiKey", "in": "header", "name": name, "description": description}


SECURITY_SCHEMES: Json = {
    "ApiKey": _key_scheme("X-API-Key", "An API key of an organization, `app.v1.…`."),
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, a sub-account's key or a user's token.",
    },
    "SubAccountKey": _key_scheme(
        "x-customer-sub-account-api-key", "A key of a sub-account, `sub.v1.…`."
    ),
    "RenderCredential": {
        "type": "http",
        "scheme": "basic",
        "description": "A render credential: `pk_…` as the user, `sk_…` as the password.",
    },
    "RenderSecret": _key_scheme(
        "X-API-Secret", "The secret of a render credential, `sk_…`. Its key is in `X-API-Key`."
    ),
}
MEMBER_SECURITY: list[Json] = [{"ApiKey": []}, {"Bearer": []}, {"SubAccountKey": []}]
"""Credentials that every operation accepts."""
RENDER_SECURITY: list[Json] = [{"RenderCredential": []}, {"ApiKey": [], "RenderSecret": []}]
"""Credentials that some operations accept in addition."""


def _header(json_type: str, description: str, required: bool = False) -> Json:
    return {"description": description, "required": required, "schema": {"type": json_type}}


HEADERS: Json = {
    "X-Request-Id": _header("string", "Id of the request, as in the log and the ledger.", True),
    "RateLimit": _header("string", "Requests left, and seconds until all are allowed again.", True),
    "RateLimit-Policy": _header("string", "Requests allowed, and in how many seconds.", True),
    "X-RateLimit-Limit": _header("integer", "Requests allowed in a minute.", True),
    "X-RateLimit-Remaining": _header("integer", "Requests left.", True),
    "X-RateLimit-Reset": _header("integer", "Unix time when all are allowed again.", True),
    "Retry-After": _header("integer", "Seconds to wait before the next attempt.", True),
    "WWW-Authenticate": _header("string", "A scheme that every operation accepts.", True),
    "ETag": _header("string", "Version of the resource. Every change gives it a new one."),
    "Idempotency-Replayed": _header("string", "`true` when this is an earlier answer again."),
}
RATE_LIMIT_HEADERS = tuple(name for name in HEADERS if "RateLimit" in name)


def _parameter(name: str, description: str, **schema: Any) -> Json:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"} | schema,
    }


PARAMETERS: Json = {
    "Idempotency-Key": _parameter(
        "Idempotency-Key",
        "Unique name of the request. The write is done once, however often it is sent.",
        minLength=1,
        maxLength=255,
        pattern="^[!-~]+$",
    ),
    "If-Match": _parameter(
        "If-Match", "The ETag that the resource must have. With another one the answer is a 412."
    ),
    "If-None-Match": _parameter(
        "If-None-Match", "The ETag that the client has. While it is current the answer is a 304."
    ),
}


def references(section: str, *names: str) -> Json:
    """Return a reference to each of these components, by its name."""
    return {name: reference(section, name) for name in names}


def reference(section: str, name: str) -> Json:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{section}/{name}"}
