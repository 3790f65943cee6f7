"""Commands for videos. They call a running server with a key, as `playout publish` does."""

from typing import Annotated

import typer

from playout.cli.client import ApiKey, Client, ServerUrl
from playout.cli.options import Json
from playout.cli.output import print_result, print_rows

videos = typer.Typer(help="Videos of an organization.", no_args_is_help=True)
SHOWN = ("id", "title", "status", "visibility", "is_draft", "custom_url")
HEADINGS = ("id", "title", "status", "visibility", "draft", "address")


@videos.command("list")
def list_videos(
    search: Annotated[str | None, typer.Option(help="Words in title, text or tags.")] = None,
    limit: Annotated[int, typer.Option(help="Largest number of videos.", min=1, max=100)] = 50,
    url: ServerUrl = "http://127.0.0.1:8080",
    key: ApiKey = "",
    as_json: Json = False,
) -> None:
    """List videos, newest first."""
    found = Client.of(url, key).videos(search, limit)
    rows = [{name: video[name] for name in SHOWN} for video in found]
    print_rows("videos", rows, as_json, HEADINGS)


@videos.command("delete")
def delete_video(
    video_id: int,
    url: ServerUrl = "http://127.0.0.1:8080",
    key: ApiKey = "",
    as_json: Json = False,
) -> None:
    """Delete a video. It is unpublished at once."""
    Client.of(url, key).delete_video(video_id)
    print_result({"id": video_id, "deleted": True}, as_json, f"Deleted video {video_id}.")
