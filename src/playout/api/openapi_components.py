"""What the OpenAPI documents of all four APIs have in common."""

from typing import Any

from playout.kit.http.idempotency import LIFETIME as KEPT

Json = dict[str, Any]

DESCRIPTION = f"""
**Credentials.** An API key goes in `X-API-Key` or `Authorization: Bearer`, a sub-account's key in
`x-customer-sub-account-api-key` or as Bearer, a user's token as Bearer. A render credential goes
as HTTP Basic, or in `X-API-Key` with `X-API-Secret`, to the few operations that say so. A missing
or wrong one is a 401; a good one that may not do what it asks is a 403.

**Repeating.** A write with an `Idempotency-Key` is done once: for {KEPT.days * 24} hours the same
key with the same request gives the first answer again, which then says
`Idempotency-Replayed: true`; with another request it is a 422.

**Limits.** Every answer to a known caller says in the `RateLimit` fields how the caller stands;
beyond the limit it is a 429 with `Retry-After`. A body of JSON may have 1 MiB and 32 levels; keys
that stand twice, NaN, NUL characters and lone surrogates are a 400. Fields that are not known are
ignored.

**Tracing.** Every answer carries `X-Request-Id`: the one of the request, or a new one.
"""


def _key(name: str, description: str) -> Json:
    return {"type": "apiKey", "in": "header", "name": name, "description": description}


SCHEMES: Json = {
    "ApiKey": _key("X-API-Key", "An API key, `app.v1.…`, of an organization."),
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, a sub-account's key or a user's token.",
    },
    "SubAccountKey": _key("x-customer-sub-account-api-key", "A sub-account's key, `sub.v1.…`."),
    "RenderCredential": {
        "type": "http",
        "scheme": "basic",
        "description": "A render credential: `pk_…` as the user, `sk_…` as the password.",
    },
    "RenderSecret": _key("X-API-Secret", "The secret, `sk_…`, to a render key in `X-API-Key`."),
}
MEMBERS: list[Json] = [{"ApiKey": []}, {"Bearer": []}, {"SubAccountKey": []}]
"""What opens every operation."""
RENDERERS: list[Json] = [{"RenderCredential": []}, {"ApiKey": [], "RenderSecret": []}]
"""What opens the operations that render credentials may call, too."""


def _header(kind: str, description: str, required: bool = False) -> Json:
    return {"description": description, "required": required, "schema": {"type": kind}}


HEADERS: Json = {
    "X-Request-Id": _header("string", "The request's id, as the log and the ledger have it.", True),
    "RateLimit": _header("string", "What is left of the limit, and when it is full again.", True),
    "RateLimit-Policy": _header("string", "How many requests in how many seconds.", True),
    "X-RateLimit-Limit": _header("integer", "Requests in a minute.", True),
    "X-RateLimit-Remaining": _header("integer", "How many of them are left.", True),
    "X-RateLimit-Reset": _header("integer", "When the limit is full again, in Unix time.", True),
    "Retry-After": _header("integer", "Seconds after which to try again.", True),
    "WWW-Authenticate": _header("string", "The kind of credential that is taken everywhere.", True),
    "ETag": _header("string", "Another one after each change."),
    "Idempotency-Replayed": _header("string", "`true`, where it is an earlier answer."),
}
LIMITS = tuple(name for name in HEADERS if "RateLimit" in name)


def _parameter(name: str, description: str, **schema: Any) -> Json:
    told = {"name": name, "in": "header", "required": False, "description": description}
    return told | {"schema": {"type": "string"} | schema}


PARAMETERS: Json = {
    "Idempotency-Key": _parameter(
        "Idempotency-Key",
        "Names the request, so that it is done once however often it is sent.",
        minLength=1,
        maxLength=255,
        pattern="^[!-~]+$",
    ),
    "If-Match": _parameter("If-Match", "The ETag that the resource must still have; else 412."),
    "If-None-Match": _parameter("If-None-Match", "The ETag that the client has; then 304."),
}


def references(section: str, *names: str) -> Json:
    """Components by their names."""
    return {name: reference(section, name) for name in names}


def reference(section: str, name: str) -> Json:
    return {"$ref": f"#/components/{section}/{name}"}
