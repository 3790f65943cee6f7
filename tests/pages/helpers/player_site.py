"""A site on loopback with a player page, and the clip and streams that it plays."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import imageio_ffmpeg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from playout.core.analytics.events import MOST_BYTES
from playout.pages import render
from playout.pages.responses import Responses
from playout.pages.static_files import built, static
from playout.settings import Settings
from tests.pages.helpers import examples
from tests.pages.helpers.loopback import listening

SECONDS = 12
PICTURE = ("-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={SECONDS}")
SOUND = ("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={SECONDS}")
GERMAN_SOUND = ("-f", "lavfi", "-i", f"sine=f=880:r=48000:d={SECONDS}")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50")
MAPS = ("-map", "0:v", "-map", "0:v", "-map", "1:a", "-map", "2:a")
RENDITIONS = (*MAPS, "-s:v:0", "320x180", "-s:v:1", "640x360")
HLS = (
    *("-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "2", "-hls_playlist_type", "vod"),
    "-var_stream_map",
    (
        "v:0,agroup:sound v:1,agroup:sound "
        "a:0,agroup:sound,default:yes,language:en a:1,agroup:sound,language:de"
    ),
    *("-master_pl_name", "master.m3u8"),
)
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:12.000\nFour days, one hut.\n"
CHAPTERS = "WEBVTT\n\n00:00.000 --> 00:06.000\nStart\n\n00:06.000 --> 00:12.000\nRock &amp; Ice\n"
STORYBOARD = "WEBVTT\n\n00:00.000 --> 00:12.000\n/media/poster.jpg#xywh=0,0,160,90\n"


TRACKS = (
    '<track kind="captions" label="English" srclang="en" src="/media/captions.vtt">'
    '<track kind="metadata" label="thumbnails" default src="/media/storyboard.vtt">'
)


@dataclass
class Site:
    """A site with `html` at `/`, the files of a folder at `/media/`, and a place for beacons."""

    url: str
    folder: Path
    html: str = ""
    beacons: list[dict[str, Any]] = field(default_factory=list)

    def media(self, name: str) -> str:
        return f"{self.url}/media/{name}"

    @property
    def counted(self) -> list[dict[str, Any]]:
        """The events of all beacons so far."""
        return [event for beacon in self.beacons for event in beacon["events"]]

    def shows(
        self,
        hls: str | None = None,
        tracks: str = "",
        chapters: str | None = None,
        counting: str | None = None,
    ) -> None:
        """Show the page of the clip from now on, with streams, tracks and chapters on request.

        `counting` is what the page tells the player that counts.
        """
        self.beacons.clear()
        view = replace(
            examples.WATCH,
            width=640,
            height=360,
            poster_url=self.media("poster.jpg"),
            video_url=self.media("clip.mp4"),
            hls_url=hls and self.media(hls),
            chapters_url=chapters and self.media(chapters),
            counting=counting,
        )
        self.html = render.render_watch(view).replace("<source", f"{tracks}<source", 1)


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Serve a site with the media of a folder, on a port of its own."""
    site = Site("", folder)

    async def page(request: Request) -> Response:
        responses = Responses(Settings(public_url=site.url))
        return responses.page(site.html, headers=responses.player_headers)

    async def beacon(request: Request) -> Response:
        body = await request.body()
        assert len(body) <= MOST_BYTES
        site.beacons.append(json.loads(body))
        return Response(status_code=204)

    routes = [
        Route("/", page),
        Route("/e", beacon, methods=["POST"]),
        Route("/static/build/{name}", built),
        Route("/static/{fingerprint}/{name}", static),
        Route("/favicon.ico", lambda _: Response(status_code=204)),
        Mount("/media", StaticFiles(directory=folder)),
    ]
    with listening(Starlette(routes=routes)) as port:
        site.url = f"http://127.0.0.1:{port}"
        yield site


def make_media(folder: Path) -> None:
    """Write clip.mp4, poster.jpg, three tracks, and hls/master.m3u8: two sizes, two languages."""
    clip = folder / "clip.mp4"
    _ffmpeg(*PICTURE, *SOUND, *H264, "-c:a", "aac", "-movflags", "+faststart", str(clip))
    _ffmpeg("-i", str(clip), "-frames:v", "1", str(folder / "poster.jpg"))
    (folder / "captions.vtt").write_text(CAPTIONS)
    (folder / "chapters.vtt").write_text(CHAPTERS)
    (folder / "storyboard.vtt").write_text(STORYBOARD)
    (folder / "hls").mkdir()
    streams = str(folder / "hls" / "stream_%v.m3u8")
    _ffmpeg(*PICTURE, *SOUND, *GERMAN_SOUND, *RENDITIONS, *H264, "-c:a", "aac", *HLS, streams)


def until(true: Callable[[], object], seconds: float = 15) -> object:
    """Return the first true answer. The policy of the page forbids evaluating a predicate in it."""
    deadline = monotonic() + seconds
    while not (answer := true()):
        assert monotonic() < deadline
        sleep(0.05)
    return answer


def _ffmpeg(*arguments: str) -> None:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", "-nostdin", "-y", *arguments], check=True)
