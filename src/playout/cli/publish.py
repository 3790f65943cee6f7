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
from playout.kit.language_tags import is_tag
from playout.transcode.webvtt import to_webvtt


def publish(
    file: Annotated[Path, typer.Argument(help="A video.")],
    title: Annotated[str | None, typer.Option(help="Title; else the name of the file.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; repeatable.")] = None,
    workspace: Annotated[int | None, typer.Option(help="Project; else the first.")] = None,
    captions: Annotated[
        list[str] | None,
        typer.Option(metavar="LANGUAGE=FILE", help="Captions (SRT or WebVTT): en=subs.srt."),
    ] = None,
    url: Annotated[
        str, typer.Option(envvar="PLAYOUT_URL", help="Address of the server.")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="PLAYOUT_KEY", help="API key.")] = "",
    as_json: AsJson = False,
) -> None:
    """Upload a video, wait until it plays, publish it, and print its public link."""
    if not key:
        raise Invalid("A key is needed: --key, or PLAYOUT_KEY in the environment.")
    if not file.is_file():
        raise Invalid(f"There is no file {file}.")
    texts = _texts(captions or [])
    outcome = send(Client(url, key), file, title or file.stem, tag or [], workspace, texts)
    link = outcome["publication"]["page_url"]
    typer.echo(json.dumps(outcome | {"url": link}) if as_json else link)


def send(
    client: Client,
    file: Path,
    title: str,
    tags: list[str],
    workspace: int | None = None,
    captions: Mapping[str, bytes] = MappingProxyType({}),
) -> Json:
    """Bring a file out under a title; return what the Publications API answers.

    `captions` are texts by language. An upload of the same file that was broken off earlier is
    gone on with.
    """

    def enter() -> int:
        return int(client.create_video(title, workspace or client.first_workspace())["id"])

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with _progress(*columns) as progress:
        sending = progress.add_task("Uploading", total=file.stat().st_size)
        video = tus.send(client, file, enter, lambda sent: progress.update(sending, completed=sent))
    for language, text in captions.items():
        client.put_captions(video, language, text)
    columns_ready = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with _progress(*columns_ready) as progress:
        making = progress.add_task("Processing", total=100)
        made = client.wait(video, lambda done: progress.update(making, completed=done))
    return client.publish(made["session_id"], title, tags)


def _texts(captions: list[str]) -> dict[str, bytes]:
    """The texts by language. Raises `Invalid` before anything is sent."""
    texts = {}
    for said in captions:
        language, _, path = said.partition("=")
        if not is_tag(language) or not Path(path).is_file():
            raise Invalid(f"--captions wants a language and a file, as in en=subs.srt, not {said}.")
        texts[language] = Path(path).read_bytes()
        to_webvtt(texts[language])
    return texts


def _progress(*columns: ProgressColumn) -> Progress:
    """Shown while it lasts, to people; a script's log stays clean."""
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
