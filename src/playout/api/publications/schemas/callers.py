"""The JSON of the caller of a request."""

from typing_extensions import TypedDict

from playout.core.principal import Principal


class CallerOut(TypedDict):
    """Whoever a credential belongs to. `authToken` is that credential."""

    authToken: str
    isExternalUser: bool
    _id: str
    email: None
    username: str
    displayName: str
    role: str | None
    organizationId: str | None


def caller_out(principal: Principal, credential: str) -> CallerOut:
    """Return the JSON of the caller of a request."""
    return {
        "authToken": credential,
        "isExternalUser": principal.sub_account_id is not None,
        "_id": principal.id,
        "email": None,
        "username": principal.name,
        "displayName": principal.full_name or principal.name,
        "role": principal.role,
        "organizationId": str(principal.organization_uid) if principal.organization_uid else None,
    }
