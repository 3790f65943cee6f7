"""The JSON of film templates, and of the channels that hold them."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.shares.schemas.types import CamelIn, optional_time_out, time_out
from playout.api.types import DateTimeOut, UriOut, UuidOut, example
from playout.compose.manifest.parts import MAX_SECONDS
from playout.core.film_templates.model import FilmTemplate, FilmTemplateChannel, Kind, State
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project


class AssetOut(TypedDict):
    """A picture or a font of a template. `size` is in bytes."""

    name: str
    size: int


class WarningOut(TypedDict):
    """Something in a template that may not look as meant."""

    element: str | None
    message: str


class TemplateOut(TypedDict):
    """A version of what is drawn over the film of a project."""

    id: UuidOut
    projectId: UuidOut
    version: int
    name: str
    kind: Kind
    state: State
    videoId: UuidOut
    posterUrl: UriOut | None
    assets: list[AssetOut]
    warnings: list[WarningOut]
    createdAt: DateTimeOut
    createdBy: str


class TemplateDetailOut(TemplateOut):
    """A template with its manifest, and with what the client keeps with it."""

    manifestJson: dict[str, Any]
    templateJson: dict[str, Any] | None


class ChannelOut(TypedDict):
    """A channel, and the template that it holds."""

    channel: Channel
    activeTemplateId: UuidOut | None
    publishedBy: str | None
    publishedAt: DateTimeOut | None


class PublishIn(CamelIn):
    """The template that a channel gets."""

    model_config = example(templateId="0199d5b2-7c40-7e1a-9a55-3f1c6b7d2e90")

    template_id: UUID


class PreviewIn(CamelIn):
    """A moment of the film, in seconds, and the data of one viewer."""

    model_config = example(second=2.5, personalizationData={"name": "Ana"})

    second: Annotated[float, Field(strict=True, ge=0, le=MAX_SECONDS, allow_inf_nan=False)] = 0
    personalization_data: dict[str, Any] = Field(default_factory=dict)


def template_out(template: FilmTemplate, project: Project, base_url: str) -> TemplateOut:
    """Return the JSON of a template."""
    address = f"{base_url}/api/Projects/{project.uid}/templates/{template.id}/poster"
    return {
        "id": str(template.id),
        "projectId": str(project.uid),
        "version": template.version,
        "name": template.name,
        "kind": template.kind,
        "state": template.state,
        "videoId": str(template.video_uid),
        "posterUrl": address if template.poster_key else None,
        "assets": [{"name": each["name"], "size": each["size"]} for each in template.assets],
        "warnings": [
            {"element": each.get("element"), "message": each["message"]}
            for each in template.warnings
        ],
        "createdAt": time_out(template.created_at),
        "createdBy": template.created_by,
    }


def template_detail_out(
    template: FilmTemplate, project: Project, base_url: str
) -> TemplateDetailOut:
    """Return the JSON of a template with its manifest."""
    return {
        **template_out(template, project, base_url),
        "manifestJson": template.manifest,
        "templateJson": template.details,
    }


def channel_out(channel: Channel, held: FilmTemplateChannel | None) -> ChannelOut:
    """Return the JSON of a channel."""
    return {
        "channel": channel,
        "activeTemplateId": str(held.template_id) if held else None,
        "publishedBy": held.published_by if held else None,
        "publishedAt": optional_time_out(held.published_at if held else None),
    }


def channels_out(held: Mapping[Channel, FilmTemplateChannel]) -> list[ChannelOut]:
    """Return the JSON of all channels of a project."""
    return [channel_out(each, held.get(each)) for each in Channel]
