"""`playout publish`: from a file to a public link."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TransferSpeedColumn,
)

from playout.cli import tus
from playout.cli.client import ApiKey, Client, Json, ServerUrl
from playout.cli.options import Json as AsJson
from playout.kit.errors import Invalid
from playout.kit.language_tags import is_language_tag
from playout.transcode.webvtt import to_webvtt


class Visibility(StrEnum):
    """The circle of those who may watch a published video, as the Videos API names it."""

    PUBLIC = "public"
    PRIVATE = "private"
    TEAM = "team"
    ORG = "org"


@dataclass(frozen=True, slots=True)
class Details:
    """The options of one command that describe its videos."""

    title: str | None = None
    description: str | None = None
    language: str | None = None
    tags: Sequence[str] = ()
    visibility: Visibility = Visibility.PUBLIC
    handle: str | None = None
    poster: Path | None = None
    workspace: int | None = None
    captions: Mapping[str, bytes] = field(default_factory=dict)
    """Texts by language."""
    is_draft: bool = False


def publish(
    files: Annotated[list[Path], typer.Argument(help="The video files.", metavar="FILE...")],
    title: Annotated[str | None, typer.Option(help="Title. Default: the name of the file.")] = None,
    description: Annotated[str | None, typer.Option(help="Description.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; repeatable.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language that is spoken, such as en or pt-BR.")
    ] = None,
    visibility: Annotated[
        Visibility, typer.Option(help="Who may watch the video.")
    ] = Visibility.PUBLIC,
    handle: Annotated[str | None, typer.Option(help="Handle of the creator.")] = None,
    poster: Annotated[
        Path | None, typer.Option(help="Picture to show before the video plays.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Upload only, and do not publish.")
    ] = False,
    workspace: Annotated[
        int | None, typer.Option(help="Id of the project. Default: the first one.")
    ] = None,
    captions: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LANGUAGE=FILE",
            help="Captions (SRT or WebVTT), such as en=subs.srt; repeatable.",
        ),
    ] = None,
    url: ServerUrl = "http://127.0.0.1:8080",
    key: ApiKey = "",
    as_json: AsJson = False,
) -> None:
    """Upload videos, wait until they play, publish them, and print their public links.

    Every file is checked before the first one is sent.
    """
    client = Client.of(url, key)
    details = Details(
        title=title,
        description=description,
        language=language,
        tags=tag or (),
        visibility=visibility,
        handle=handle,
        poster=poster,
        workspace=workspace,
        captions=_read_captions(captions or []),
        is_draft=draft,
    )
    _check(files, details)
    answers = []
    for file in files:
        answers.append(upload_and_publish(client, file, details))
        if not as_json:
            typer.echo(answers[-1]["url"] or f"Video {answers[-1]['id']} is a draft.")
    if as_json:
        typer.echo(json.dumps(answers[0] if len(answers) == 1 else {"videos": answers}))


def _check(files: Sequence[Path], details: Details) -> None:
    """Raise `Invalid` if a file is missing, or if an option does not suit the others."""
    for file in [*files, *([details.poster] if details.poster else [])]:
        if not file.is_file():
            raise Invalid(f"There is no file {file}.")
    if len(files) > 1 and (details.title or details.poster or details.captions):
        raise Invalid("--title, --poster and --captions are for one file: publish them one by one.")
    if details.is_draft and details.handle:
        raise Invalid("--handle belongs to a publication: leave it out with --draft.")


def upload_and_publish(client: Client, file: Path, details: Details) -> Json:
    """Upload a file, wait until it plays and publish it.

    Return the answer of the Publications API for a public video, and of the Videos API for any
    other, with the link as `url`. An earlier upload of the same file that was interrupted
    continues.
    """
    title = details.title or file.stem

    def create_video() -> int:
        workspace = details.workspace or client.first_workspace()
        return int(client.create_video(title, workspace)["id"])

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with _progress_bar(*columns) as progress:
        task = progress.add_task("Uploading", total=file.stat().st_size)
        video_id = tus.upload_file(
            client, file, create_video, lambda sent: progress.update(task, completed=sent)
        )
    # The fields are sent now, because an upload that continues has an older video.
    tag_ids = client.tag_ids(details.tags)
    client.update_video(video_id, _fields(title, details, tag_ids))
    for language, text in details.captions.items():
        client.put_captions(video_id, language, text)
    columns_processing = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with _progress_bar(*columns_processing) as progress:
        task = progress.add_task("Processing", total=100)
        video = client.wait_until_playable(
            video_id, lambda done: progress.update(task, completed=done)
        )
    if details.poster:
        client.put_poster(video_id, details.poster.read_bytes())
    if details.is_draft:
        return {**video, "url": None}
    own: Json = {} if details.handle is None else {"creator_handle": details.handle}
    if tag_ids is None:
        own["tags"] = list(details.tags)
    return _publish(client, video, details.visibility, own)


def _publish(client: Client, video: Json, visibility: Visibility, own: Json) -> Json:
    """Publish a video for everyone its visibility allows. Return it with its link.

    `own` are the fields to set for its publication alone.
    """
    if visibility == Visibility.PUBLIC:
        answer = client.publish(video["session_id"], own)
        return answer | {"url": answer["publication"]["page_url"]}
    # The Publications API would make it public.
    published = client.publish_with_own_visibility(int(video["id"]))
    if own:
        client.edit_publication(video["session_id"], own)
    return published | {"url": published["custom_url"]}


def _fields(title: str, details: Details, tag_ids: Sequence[int] | None) -> Json:
    """Return the fields of a video to change. Tags are those of the organization."""
    optional = {"description": details.description, "language": details.language}
    sent = {name: value for name, value in optional.items() if value is not None}
    tags = {"tags": tag_ids} if tag_ids else {}
    return {"title": title, "visibility": details.visibility, **sent, **tags}


def _read_captions(options: list[str]) -> dict[str, bytes]:
    """Return the texts of captions by language. Raises `Invalid` before anything is sent."""
    texts = {}
    for option in options:
        language, _, path = option.partition("=")
        if not is_language_tag(language) or not path:
            raise Invalid(
                f"--captions needs a language and a file, such as en=subs.srt, not {option}."
            )
        if not Path(path).is_file():
            raise Invalid(f"There is no file {path}, which --captions names.")
        texts[language] = Path(path).read_bytes()
        to_webvtt(texts[language])
    return texts


def _progress_bar(*columns: ProgressColumn) -> Progress:
    """Return a progress bar, which is shown on a terminal only: a script's log stays clean."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
