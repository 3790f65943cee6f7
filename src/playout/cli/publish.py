"""`playout publish`: from a file to a public link."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from playout.cli.client import Client, Json
from playout.cli.parts import Json as AsJson


def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    title: Annotated[str | None, typer.Option(help="Title; else the name of the file.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; repeatable.")] = None,
    workspace: Annotated[int | None, typer.Option(help="Project; else the first.")] = None,
    url: Annotated[
        str, typer.Option(envvar="PLAYOUT_URL", help="Address of the server.")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="PLAYOUT_KEY", help="API key.")] = "",
    as_json: AsJson = False,
) -> None:
    """Upload a video, wait until it plays, publish it, and print its public link."""
    if not key:
        raise typer.BadParameter("a key is needed: --key, or PLAYOUT_KEY in the environment")
    outcome = send(Client(url, key), file, title or file.stem, tag or [], workspace)
    link = outcome["publication"]["page_url"]
    typer.echo(json.dumps(outcome | {"url": link}) if as_json else link)


def send(
    client: Client, file: Path, title: str, tags: list[str], workspace: int | None = None
) -> Json:
    """Bring a file out under a title; return what the Publications API answers."""
    video = client.create_video(title, workspace or client.first_workspace())
    columns = (TextColumn("{task.description:<10}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        sending = progress.add_task("Uploading", total=file.stat().st_size)
        client.upload(video["id"], file, lambda sent: progress.advance(sending, sent))
    columns_ready = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(*columns_ready, console=Console(stderr=True), transient=True) as progress:
        making = progress.add_task("Processing", total=100)
        client.wait(video["id"], lambda done: progress.update(making, completed=done))
    return client.publish(video["session_id"], title, tags)
