"""`playout publish`: from a file to a public link."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
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
from playout.cli.bootstrap import Json as AsJson
from playout.cli.client import Client, Json
from playout.kit.errors import Invalid
from playout.kit.language_tags import is_language_tag
from playout.transcode.webvtt import to_webvtt


def publish(
    file: Annotated[Path, typer.Argument(help="The video file.")],
    title: Annotated[str | None, typer.Option(help="Title. Default: the name of the file.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; repeatable.")] = None,
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
    url: Annotated[
        str, typer.Option(envvar="PLAYOUT_URL", help="Address of the server.")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="PLAYOUT_KEY", help="API key.")] = "",
    as_json: AsJson = False,
) -> None:
    """Upload a video, wait until it plays, publish it, and print its public link."""
    if not key:
        raise Invalid("A key is needed: use --key, or set PLAYOUT_KEY in the environment.")
    if not file.is_file():
        raise Invalid(f"There is no file {file}.")
    texts = _read_captions(captions or [])
    client = Client(url, key)
    answer = upload_and_publish(client, file, title or file.stem, tag or [], workspace, texts)
    link = answer["publication"]["page_url"]
    typer.echo(json.dumps(answer | {"url": link}) if as_json else link)


def upload_and_publish(
    client: Client,
    file: Path,
    title: str,
    tags: list[str],
    workspace: int | None = None,
    captions: Mapping[str, bytes] = MappingProxyType({}),
) -> Json:
    """Upload a file, wait until it plays and publish it. Return the Publications API's answer.

    `captions` are texts by language. An earlier upload of the same file that was interrupted
    continues.
    """

    def create_video() -> int:
        return int(client.create_video(title, workspace or client.first_workspace())["id"])

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
    for language, text in captions.items():
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
    return client.publish(video["session_id"], title, tags)


def _read_captions(options: list[str]) -> dict[str, bytes]:
    """Return the texts of captions by language. Raises `Invalid` before anything is sent."""
    texts = {}
    for option in options:
        language, _, path = option.partition("=")
        if not is_language_tag(language) or not Path(path).is_file():
            raise Invalid(
                f"--captions needs a language and a file, such as en=subs.srt, not {option}."
            )
        texts[language] = Path(path).read_bytes()
        to_webvtt(texts[language])
    return texts


def _progress_bar(*columns: ProgressColumn) -> Progress:
    """Return a progress bar, which is shown on a terminal only: a script's log stays clean."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
