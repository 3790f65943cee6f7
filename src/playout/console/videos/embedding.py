"""The sites that may show the videos of a project in a frame."""

from playout.console.videos import video as videos
from playout.console.visit import Note, Outcome, Problem, Visit
from playout.core.projects import embedding
from playout.core.videos import service
from playout.kit.errors import PlayoutError


def save(visit: Visit) -> Outcome:
    """Set the sites of the project of a video: one on each line."""
    sites = [each.strip() for each in visit.form.get("sites", "").splitlines() if each.strip()]
    try:
        with visit.write() as unit:
            project_id = service.get(unit, visit.number("video")).project_id
            embedding.set_sites(unit, project_id, sites)
    except PlayoutError as error:
        return videos.show(visit, Problem.of(error))
    return videos.back(visit, Note.SITES_SAVED)
