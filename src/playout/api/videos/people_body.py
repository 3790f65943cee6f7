"""What may be sent of people, sub-accounts and keys."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from playout.api.types import Id, Title
from playout.api.videos.schemas.types import LEFT_OUT
from playout.core.permissions import Role

KeyRole = Annotated[
    Role,
    WithJsonSchema({"type": "string", "enum": [role for role in Role if role is not Role.OWNER]}),
]


class MemberIn(BaseModel):
    """A person and their role; Owners are made on the command line."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"email": "mira@example.com", "full_name": "Mira Novak", "role": "ProjectManager"}
            ]
        }
    )

    email: Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"})]
    full_name: Annotated[str, Field(max_length=255)] = ""
    role: Role


class SubAccountIn(BaseModel):
    """A customer of the organization."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Riverside Bikes"}]})

    name: Title


class KeyDefaults(BaseModel):
    """What is meant where a request does not say."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    property: Annotated[
        str | None,
        Field(pattern="^[1-9][0-9]{0,18}$", description="The id of a workspace that it may use"),
    ] = LEFT_OUT


class KeySettings(BaseModel):
    """The caller's own, of which Playout understands `defaults.property`."""

    model_config = ConfigDict(extra="allow")

    defaults: KeyDefaults = LEFT_OUT


class KeyIn(BaseModel):
    """A key: of the organization with a `role`, or of a `sub_account`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Upload robot", "role": "Developer"}],
            "anyOf": [
                {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
                for name in ("role", "sub_account")
            ],
        }
    )

    name: Title
    role: KeyRole | None = None
    workspaces: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    sub_account: Id | None = None
    settings: KeySettings = KeySettings()


class KeyPatch(BaseModel):
    """Other settings, in place of those that the key has."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": {"theme": "dark"}}]})

    settings: KeySettings
