"""The upload of a film template: a manifest or an animation, its film, poster and assets."""

from pathlib import Path

from playout.console.landing.film_templates import show
from playout.console.landing.places import uid_in
from playout.console.visit import GoTo, Note, Outcome, Problem, Visit
from playout.core.film_templates import service
from playout.core.film_templates.forms import received
from playout.core.film_templates.model import Kind
from playout.kit.errors import NotFound, PlayoutError
from playout.kit.http.file_form import Form

FILES = ("videoFile", "posterFile", "assetFiles", "overlayJson")
"""Fields that a browser sends without a file, too: they are empty then."""


def check(visit: Visit) -> None:
    """Raise an error for whoever may not upload, before anything arrives."""
    with visit.read() as unit:
        service.check_may_create(unit, uid_in(visit, "project"))


def upload(visit: Visit, form: Form, folder: Path) -> Outcome:
    """Create the next version of the template of a project."""
    project = uid_in(visit, "project")
    for name in FILES:
        form.files[name] = [each for each in form.files.get(name, []) if each.size]
    form.texts["kind"] = Kind.LOTTIE if form.files["overlayJson"] else Kind.RASTER
    try:
        with (
            received(visit.runtime, visit.read, project, form, folder) as parts,
            visit.write() as unit,
        ):
            template = parts.create(unit)
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return GoTo(f"/landing/{project}/templates?template={template.id}", Note.TEMPLATE_ADDED)
