"""The JSON of the key."""

from typing_extensions import TypedDict

from playout.api.productions.schemas.types import Settings
from playout.api.types import UuidOut
from playout.core.accounts.model import Key
from playout.core.principal import Principal


class ComponentOut(TypedDict):
    """The kind of a credential."""

    componentName: str


class KeyOut(TypedDict):
    """The credential of the request, and its organization."""

    name: str
    settings: Settings
    value: ComponentOut
    organization: UuidOut
    legacy_org_id: int | None
    vidvita_org_id: int | None


def key_out(principal: Principal, key: Key | None, default_property: int | None) -> KeyOut:
    """Return the JSON of a credential. `key` is None for one that is not an API key."""
    settings = key.settings if key else {}
    own_defaults = settings.get("defaults")
    defaults = {"property": None if default_property is None else str(default_property)}
    if isinstance(own_defaults, dict):
        defaults |= own_defaults
    return {
        "name": key.name if key else principal.name,
        "settings": {**settings, "defaults": defaults},
        "value": {"componentName": principal.kind},
        "organization": str(principal.organization_uid),
        "legacy_org_id": principal.organization_id,
        "vidvita_org_id": principal.organization_id,
    }
