"""The JSON of keys."""

from typing import Annotated, Any, NotRequired

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, Id, Title, example
from playout.api.videos.schemas.types import (
    LEFT_OUT,
    document_only,
    optional_time_out,
    time_out,
)
from playout.core.accounts.model import Key, KeyKind
from playout.core.permissions import Role

KeyRole = Annotated[
    Role,
    WithJsonSchema({"type": "string", "enum": [role for role in Role if role is not Role.OWNER]}),
]


class KeyDefaults(BaseModel):
    """Values for what a request leaves out."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    property: Annotated[
        str | None,
        Field(
            pattern="^[1-9][0-9]{0,18}$", description="The id of a workspace that the key may use"
        ),
    ] = LEFT_OUT


class KeySettings(BaseModel):
    """An object of the caller's own. Playout reads only `defaults.property`."""

    model_config = ConfigDict(extra="allow")

    defaults: KeyDefaults = LEFT_OUT

    def fields(self) -> dict[str, Any]:
        """Return the settings that were sent."""
        return self.model_dump(exclude_unset=True)


class KeyIn(BaseModel):
    """A key to create: of the organization, with a `role`, or of a `sub_account`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Upload robot", "role": "Developer"}],
            # Not an `anyOf` of the two: generators of clients read that as a union of types.
            "if": {"required": ["sub_account"], "properties": {"sub_account": {"type": "integer"}}},
            "else": {"required": ["role"], "properties": {"role": {"type": "string"}}},
        }
    )

    name: Title
    role: KeyRole | None = None
    workspaces: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    sub_account: Id | None = None
    settings: KeySettings = KeySettings()


class KeyPatch(BaseModel):
    """New settings. They replace all settings that the key has."""

    model_config = example(settings={"theme": "dark"})

    settings: KeySettings


@document_only
class KeyOut(TypedDict):
    """A key without its text. `hint` is the end of the text."""

    id: int
    name: str
    kind: KeyKind
    role: Role | None
    hint: str
    workspaces: list[int] | None
    sub_account: int | None
    settings: dict[str, Any]
    created_at: DateTimeOut
    created_by: str
    last_used_at: DateTimeOut | None
    revoked_at: DateTimeOut | None


@document_only
class NewKeyOut(KeyOut):
    """A new key. Its text is in this answer only; a replay comes without it."""

    key: NotRequired[str]


def key_out(key: Key) -> KeyOut:
    """Return the JSON of a key."""
    return {
        "id": key.id,
        "name": key.name,
        "kind": key.kind,
        "role": key.role,
        "hint": key.hint,
        "workspaces": key.project_ids,
        "sub_account": key.sub_account_id,
        "settings": key.settings,
        "created_at": time_out(key.created_at),
        "created_by": key.created_by,
        "last_used_at": optional_time_out(key.last_used_at),
        "revoked_at": optional_time_out(key.revoked_at),
    }
