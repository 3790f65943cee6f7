"""The poster of a video: a picture of the film, or one of your own."""

from playout.console.videos import video as videos
from playout.console.visit import GoTo, Note, Outcome, Problem, Visit
from playout.core.processing import posters
from playout.kit.errors import Invalid, PlayoutError
from playout.transcode.pictures.custom_poster import MAX_BYTES

FILE_BYTES = MAX_BYTES + 64 * 1024
"""The most bytes of the form: a picture, and what is around it."""


def choose(visit: Visit) -> Outcome:
    """Show another poster: the picture that was sent, or the one of the film at a time."""
    try:
        if visit.file is not None:
            return _store(visit, visit.file)
        with visit.write() as unit:
            posters.put_frame(unit, visit.number("video"), _seconds(visit))
    except PlayoutError as error:
        return videos.show(visit, Problem.of(error))
    return videos.back(visit, Note.POSTER_CHOSEN)


def remove(visit: Visit) -> Outcome:
    """Go back to the poster that Playout chose."""
    with visit.write() as unit:
        posters.remove(unit, visit.number("video"))
    return videos.back(visit, Note.POSTER_REMOVED)


def _store(visit: Visit, picture: bytes) -> GoTo:
    if not picture:
        raise Invalid("Choose a picture first: JPEG, PNG or WebP.")
    with visit.read() as unit:
        uid = posters.open_poster(unit, visit.number("video"))
    poster = posters.store(visit.runtime, uid, picture)
    try:
        with visit.write() as unit:
            posters.put(unit, visit.number("video"), poster)
    except BaseException:
        posters.discard(visit.runtime, uid, poster)
        raise
    return videos.back(visit, Note.POSTER_STORED)


def _seconds(visit: Visit) -> float:
    try:
        return float(visit.form.get("time", ""))
    except ValueError:
        raise Invalid("A number of seconds is needed.") from None
