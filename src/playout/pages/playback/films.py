"""The films of single viewers: playlists, the bytes that all share, and rendered segments.

Each request is checked anew, so that a revocation or a deletion ends access at once.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from cachetools import LRUCache
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from playout.core.processing.scratch import job_folder
from playout.core.renders.downloads import downloaded_rendition, join_film
from playout.core.renders.films import Film, Films
from playout.core.renders.layout import RenditionLayout, streams_of
from playout.core.renders.posters import draw_poster
from playout.core.renders.previews import draw_preview
from playout.core.renders.rendering import read_bytes, read_stored
from playout.core.renders.segments import PersonalSegment, find_segment
from playout.kit.bulkhead import Bulkhead
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.kit.http.ranges import StoredFile, file_response
from playout.pages.playback.flights import Flights
from playout.pages.playback.media import HEADERS, PREFLIGHT, VIEWER_HEADERS
from playout.pages.views import FilmView
from playout.runtime import Runtime
from playout.transcode.manifests.hls import master_playlist, personal_playlist
from playout.transcode.manifests.streams import fill_queries
from playout.transcode.names import AUDIO, MP4
from playout.transcode.personal.after_scenes import without_delay
from playout.transcode.personal.headers import read_track_id

PLAYLIST = "application/vnd.apple.mpegurl"
DOWNLOADS = 2
"""Films that are joined at the same time."""
PICTURE_BYTES = 24 * 1024 * 1024
"""Bytes of the posters and previews that stay in memory."""
AUDIO_FILE = f"{AUDIO}.mp4"
SEGMENT = "video/iso.segment"
SEGMENT_HEADER = "Playout-Segment"
"""The header of a segment that was `rendered` for the request, or `shared` where too much waits.
One that was rendered before has none."""
FILM_HEADERS = VIEWER_HEADERS | {
    "Access-Control-Expose-Headers": f"{HEADERS['Access-Control-Expose-Headers']}, {SEGMENT_HEADER}"
}
_SEGMENT = re.compile(r"([0-9]+p)-([0-9]{1,6})\.m4s")
"""The name of a rendered segment: rendition and number."""


def routes(runtime: Runtime, films: Films) -> Sequence[BaseRoute]:
    """Return the routes of films."""
    files = FilmFiles(runtime, films)
    methods = ["GET", "HEAD", "OPTIONS"]
    return [
        Route("/films/{slug}/poster.png", files.poster),
        Route("/films/{slug}/preview.gif", files.preview),
        Route("/films/{slug}/{version}/{name}", files.answer, methods=methods),
    ]


def film_view(films: Films, slug: str, base_url: str) -> FilmView | None:
    """Return the film that a page plays; None if it plays a video as it is."""
    film = films.cached(slug) or films.load(slug)
    if film is None:
        return None
    return FilmView(
        hls_url=f"{base_url}/films/{slug}/{film.version}/master.m3u8",
        language=film.manifest.language,
        words=film.words,
    )


class FilmFiles:
    """The endpoint `/films/{slug}/{version}/{name}`."""

    def __init__(self, runtime: Runtime, films: Films) -> None:
        self.runtime = runtime
        self._films = films
        self._flights = Flights(runtime)
        self._downloads = Bulkhead("download", DOWNLOADS)
        self._pictures: LRUCache[object, bytes] = LRUCache(PICTURE_BYTES, len)

    async def poster(self, request: Request) -> Response:
        """Return the poster: a picture of the film in which something is drawn for the viewer."""
        content = await self._drawn(request, draw_poster)
        return Response(content, media_type="image/png", headers=FILM_HEADERS)

    async def preview(self, request: Request) -> Response:
        """Return the preview: a few seconds with what is drawn for the viewer."""
        content = await self._drawn(request, draw_preview)
        return Response(content, media_type="image/gif", headers=FILM_HEADERS)

    async def _drawn(self, request: Request, draw: Callable[[Runtime, Film], bytes]) -> bytes:
        """Return a picture of a film. The last ones stay in memory, with their films."""
        film = await self._film(request.path_params["slug"])
        content = self._pictures.get((film, draw))
        if content is None:
            content = await self.runtime.drawings.run(draw, self.runtime, film)
            if len(content) <= PICTURE_BYTES:
                self._pictures[film, draw] = content
        return content

    async def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=HEADERS | PREFLIGHT)
        film = await self._film(request.path_params["slug"])
        if request.path_params["version"] != str(film.version):
            raise NotFound("There is no such file.")
        name = request.path_params["name"]
        if name.endswith(".m3u8"):
            return await self._playlist(film, name.removesuffix(".m3u8"))
        if name == MP4:
            return await self._download(film)
        if match := _SEGMENT.fullmatch(name):
            return await self._segment(request, film, match[1], int(match[2]))
        return await self._shared(request, film, name)

    async def _film(self, slug: str) -> Film:
        """Return a film that plays now. Raise `NotFound`."""
        film = self._films.cached(slug)
        if film is None:
            film = await self.runtime.read_for_page(self._films.load, slug)
        if film is None or not film.plays(utcnow()):
            raise NotFound("There is no such film.")
        return film

    async def _playlist(self, film: Film, name: str) -> Response:
        layout = film.layout
        rendition = layout.rendition(name)
        if name == "master":
            text = master_playlist(streams_of(layout, str(film.version)))
        elif name == AUDIO and layout.audio:
            fragments, left_out = layout.audio.fragments, film.left_out.sound
            text = personal_playlist(AUDIO_FILE, fragments, left_out=left_out)
        elif rendition:
            own, left_out = film.touched | film.left_out.followed_by, film.left_out.pictures
            rendered = {number: f"{name}-{number}.m4s" for number in own}
            text = personal_playlist(rendition.file, rendition.fragments, rendered, left_out)
            await self._render_ahead(film, rendition, -1)
        else:
            raise NotFound("There is no such file.")
        headers = FILM_HEADERS | {"Content-Type": PLAYLIST}
        return Response(fill_queries(text, ""), headers=headers)

    async def _shared(self, request: Request, film: Film, name: str) -> Response:
        names = [each.file for each in film.layout.renditions]
        names += [AUDIO_FILE] if film.layout.audio else []
        if name not in names:
            raise NotFound("There is no such file.")
        key = f"{film.folder}/{name}"
        file = StoredFile(
            key,
            await self.runtime.storage.size(key),
            f'"{film.version}-{name}"',
            f"{'audio' if name == AUDIO_FILE else 'video'}/mp4",
        )
        return self._stored(request, film, file)

    async def _segment(self, request: Request, film: Film, name: str, number: int) -> Response:
        rendition = film.layout.rendition(name)
        if rendition is None or number not in film.touched | film.left_out.followed_by:
            raise NotFound("There is no such file.")
        if number in film.left_out.followed_by:
            return await self._after_scene(film, rendition, number)
        stored = film.kept.get((name, number))
        if stored is None:
            wanted = await self.runtime.read_for_page(self._look_up, film, rendition, number)
            stored = film.kept.get((name, number))
        await self._render_ahead(film, rendition, number)
        if stored is not None:
            file = StoredFile(stored.key, stored.size, f'"{stored.key[-40:]}"', SEGMENT)
            return self._stored(request, film, file)
        fragments = await self._flights.fragments(wanted)
        if fragments is None:
            content = await self._flights.shared_segment(film, rendition, number)
            headers = FILM_HEADERS | {SEGMENT_HEADER: "shared"}
            return Response(content, media_type=SEGMENT, headers=headers)
        headers = FILM_HEADERS | {SEGMENT_HEADER: "rendered"}
        return StreamingResponse(fragments, media_type=SEGMENT, headers=headers)

    async def _after_scene(self, film: Film, rendition: RenditionLayout, number: int) -> Response:
        """Return the first segment after a scene that is left out, drawn over or not."""
        headers, is_touched = FILM_HEADERS, number in film.touched
        content = await self._touched(film, rendition, number) if is_touched else None
        if content is None:
            content = await self._flights.shared_segment(film, rendition, number)
            headers = headers | ({SEGMENT_HEADER: "shared"} if is_touched else {})
        key, end = f"{film.folder}/{rendition.file}", rendition.fragments.init_end
        head = await read_bytes(self.runtime.storage, key, 0, end)
        segment = without_delay(content, read_track_id(head))
        return Response(segment, media_type=SEGMENT, headers=headers)

    async def _touched(self, film: Film, rendition: RenditionLayout, number: int) -> bytes | None:
        """Return a touched segment; None if the viewer would wait too long for it."""
        wanted = await self.runtime.read_for_page(self._look_up, film, rendition, number)
        stored = film.kept.get((rendition.name, number))
        if stored is not None:
            return await read_stored(self.runtime.storage, stored)
        return await self._flights.whole(wanted)

    async def _download(self, film: Film) -> Response:
        """Return the film as one MP4. What is not rendered yet is rendered now."""
        rendition = downloaded_rendition(film)
        rendered = {}
        for number in sorted(film.touched):
            wanted = await self.runtime.read_for_page(self._look_up, film, rendition, number)
            stored = film.kept.get((rendition.name, number))
            rendered[number] = stored or await self._flights.stored(wanted)
        with ExitStack() as stack:
            folder = stack.enter_context(job_folder(self.runtime.job_folders))
            file = await self._downloads.run(join_film, self.runtime, film, rendered, folder)
            sent = BackgroundTask(stack.pop_all().close)
        headers = FILM_HEADERS | {"Content-Disposition": f'attachment; filename="{MP4}"'}
        return FileResponse(file, media_type="video/mp4", headers=headers, background=sent)

    async def _render_ahead(self, film: Film, rendition: RenditionLayout, after: int) -> None:
        """Begin with the next touched segment, if nobody waits who has asked for one."""
        following = [number for number in film.touched if number > after]
        if not following or not self._flights.may_render_ahead():
            return
        number = min(following)
        if (rendition.name, number) in film.kept:
            return
        wanted = await self.runtime.read_for_page(self._look_up, film, rendition, number)
        if (rendition.name, number) not in film.kept:
            self._flights.start(wanted)

    def _look_up(self, film: Film, rendition: RenditionLayout, number: int) -> PersonalSegment:
        """Return what a segment shows. If it is stored, the film keeps where."""
        digest = self._films.digest(film, rendition, number)
        wanted = PersonalSegment(film, rendition, number, digest)
        stored = find_segment(self.runtime, wanted)
        if stored is not None:
            film.kept[rendition.name, number] = stored
        return wanted

    def _stored(self, request: Request, film: Film, file: StoredFile) -> Response:
        async def may_continue() -> bool:
            try:
                now = await self._film(film.slug)
            except NotFound:
                return False
            return now.version == film.version

        return file_response(self.runtime.storage, file, request, FILM_HEADERS, may_continue)
