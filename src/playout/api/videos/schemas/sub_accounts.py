"""The JSON of sub-accounts."""

from pydantic import BaseModel
from typing_extensions import TypedDict

from playout.api.types import DateTimeOut, Title, example
from playout.api.videos.schemas.types import document_only, time_out
from playout.core.accounts.model import SubAccount


class SubAccountIn(BaseModel):
    """A sub-account to create for a customer of the organization."""

    model_config = example(name="Riverside Bikes")

    name: Title


@document_only
class SubAccountOut(TypedDict):
    """A customer of the organization."""

    id: int
    name: str
    created_at: DateTimeOut


def sub_account_out(account: SubAccount) -> SubAccountOut:
    """Return the JSON of a sub-account."""
    return {
        "id": account.id,
        "name": account.name,
        "created_at": time_out(account.created_at),
    }
