"""Routes of recipients: people with a link of their own to a share."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.convertors import StringConvertor, register_url_convertor

from playout.api.answer import Answer
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.request import ApiRuntime
from playout.api.shares.schemas.recipients import (
    ImportOut,
    RecipientOut,
    RecipientsOut,
    import_out,
    read_cursor,
    recipient_out,
    recipients_out,
)
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.core.recipients import service
from playout.core.unit import ReadUnit, WriteUnit

PREFIX = "/Projects/{project_id}/public-video-shares/{channel}/recipients"


class _Id(StringConvertor):
    """A text that is no address of a route of its own."""

    regex = r"(?!(?:imports|links\.csv)/?$)[^/]+"


register_url_convertor("recipient", _Id())
router = APIRouter(prefix=PREFIX, route_class=StrictRoute, tags=["recipients"])
NOUN = "recipient"
LARGEST_PAGE = 500


@router.get("")
@endpoint
def list_recipients(  # noqa: PLR0917  FastAPI passes arguments by their names
    project_id: UuidPath,
    channel: ChannelPath,
    unit: ReadUnit,
    runtime: ApiRuntime,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    cursor: Annotated[str | None, Query(description="`nextCursor` of the previous page.")] = None,
) -> Answer[RecipientsOut]:
    """List the recipients of a share, in the order in which they were imported."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    rows = service.page(unit, share, read_cursor(cursor), limit + 1)
    return Answer(recipients_out(rows, limit, share, runtime.cipher, runtime.base_url))


@router.delete("", status_code=204)
@endpoint
def delete_recipients(project_id: UuidPath, channel: ChannelPath, unit: WriteUnit) -> Answer[None]:
    """Delete all recipients of a share, with their data. None of their links works any more."""
    service.remove_all(unit, service.share_of(unit, parse_uuid(project_id), channel))
    return Answer(None, 204)


@router.get("/imports")
@endpoint
def list_imports(
    project_id: UuidPath, channel: ChannelPath, unit: ReadUnit
) -> Answer[list[ImportOut]]:
    """List the imports of a share, newest first: a hundred at the most."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    return Answer([import_out(each) for each in service.imports(unit, share)])


@router.get("/imports/{import_id}")
@endpoint
def get_import(
    project_id: UuidPath, channel: ChannelPath, import_id: UuidPath, unit: ReadUnit
) -> Answer[ImportOut]:
    """Read how far an import has got, and what is wrong in its rows."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    return Answer(import_out(service.get_import(unit, share, parse_uuid(import_id, "import"))))


@router.get("/{recipient_id:recipient}")
@endpoint
def get_recipient(
    project_id: UuidPath,
    channel: ChannelPath,
    recipient_id: UuidPath,
    unit: ReadUnit,
    runtime: ApiRuntime,
) -> Answer[RecipientOut]:
    """Read the addresses and the state of a recipient."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    recipient = service.get(unit, share, parse_uuid(recipient_id, NOUN))
    return Answer(recipient_out(recipient, share, runtime.cipher, runtime.base_url))


@router.post("/{recipient_id:recipient}/revoke")
@endpoint
def revoke_recipient(
    project_id: UuidPath,
    channel: ChannelPath,
    recipient_id: UuidPath,
    unit: WriteUnit,
    runtime: ApiRuntime,
) -> Answer[RecipientOut]:
    """End the link of a recipient for good. The recipient stays in the list."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    recipient = service.revoke(unit, share, parse_uuid(recipient_id, NOUN))
    return Answer(recipient_out(recipient, share, runtime.cipher, runtime.base_url))


@router.delete("/{recipient_id:recipient}", status_code=204)
@endpoint
def delete_recipient(
    project_id: UuidPath, channel: ChannelPath, recipient_id: UuidPath, unit: WriteUnit
) -> Answer[None]:
    """Delete a recipient, with the data and with what is rendered for that person alone."""
    share = service.share_of(unit, parse_uuid(project_id), channel)
    service.remove(unit, share, parse_uuid(recipient_id, NOUN))
    return Answer(None, 204)
