"""Routes of the channels that film templates are published to."""

from fastapi import APIRouter

from playout.api.answer import Answer, kept
from playout.api.endpoint import endpoint
from playout.api.json_body import StrictRoute
from playout.api.shares.schemas.templates import (
    ChannelOut,
    PublishIn,
    channel_out,
    channels_out,
)
from playout.api.shares.schemas.types import ChannelPath, UuidPath, parse_uuid
from playout.core.film_templates import channels
from playout.core.unit import ReadUnit, WriteUnit

router = APIRouter(
    prefix="/Projects/{project_id}/distribution-channels",
    route_class=StrictRoute,
    tags=["templates"],
)


@router.get("")
@endpoint
def list_channels(project_id: UuidPath, unit: ReadUnit) -> Answer[list[ChannelOut]]:
    """List the channels of a project, each with the template that it holds."""
    _, held = channels.list_channels(unit, parse_uuid(project_id))
    return kept(Answer(channels_out(held)))


@router.post("/{channel}/publish")
@endpoint
def publish_template(
    project_id: UuidPath, channel: ChannelPath, body: PublishIn, unit: WriteUnit
) -> Answer[ChannelOut]:
    """Let a channel hold a template, in place of the one that it has.

    In `PROD`, the state of the template becomes Production, that of the former one Previous, and
    that of the one before it Archived.
    """
    held = channels.publish(unit, parse_uuid(project_id), channel, body.template_id)
    return Answer(channel_out(channel, held))


@router.post("/{channel}/unpublish")
@endpoint
def unpublish_template(
    project_id: UuidPath, channel: ChannelPath, unit: WriteUnit
) -> Answer[ChannelOut]:
    """Take the template from a channel. Its share then plays plain film."""
    channels.unpublish(unit, parse_uuid(project_id), channel)
    return Answer(channel_out(channel, None))
