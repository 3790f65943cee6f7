"""A video: add it, change it, show it to the public."""

from typing import Any

from playout.console.audience.film_strip import film_strip
from playout.console.authors import authors
from playout.console.fields import moment, needed_text, number, optional_text, web_address
from playout.console.videos import form as video_form
from playout.console.videos.bulk import deleted_value
from playout.console.videos.cards import card
from playout.console.videos.undo import Deed
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.links import service as links
from playout.core.links.model import LinkFields
from playout.core.permissions import Permission
from playout.core.projects import embedding
from playout.core.projects import service as projects
from playout.core.projects.model import ProjectStatus
from playout.core.publications import details
from playout.core.publications import service as publications
from playout.core.publications.details import VideoDetails
from playout.core.unit import ReadUnit
from playout.core.videos import access, captions, service
from playout.core.videos.model import (
    TITLE_LENGTH,
    VideoFields,
    Visibility,
)
from playout.kit.clock import utcnow
from playout.kit.errors import PlayoutError
from playout.kit.passwords import PASSWORD_LENGTH

LINKS_SHOWN = 100


def new(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the form that adds videos."""
    visit.principal.require(Permission.VIDEOS_WRITE)
    with visit.read() as unit:
        usable = [
            each
            for each in projects.list_projects(unit)
            if each.status is not ProjectStatus.ARCHIVED
        ]
    values = {
        "projects": usable,
        "sent": visit.form,
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("new_video.html", values, problem.status if problem else 200)


def create(visit: Visit) -> Outcome:
    """Add a video, which is fetched from an address, or waits for its file."""
    try:
        fields: VideoFields = {
            "title": needed_text(visit.form, "title", TITLE_LENGTH),
            "project_id": number(visit.form, "project"),
        }
        address = web_address(visit.form, "source_url")
        with visit.write() as unit:
            video = service.create(unit, fields, address, None)
            return GoTo(f"/videos/{video.id}", Note.ADDED)
    except PlayoutError as error:
        return new(visit, Problem.of(error))


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show one video, with everything that can be changed about it."""
    with visit.read() as unit:
        found = details.get(unit, visit.number("video"))
        may_publish = visit.principal.may(Permission.VIDEOS_PUBLISH)
        guests = links.page(unit, found.video.id, 0, LINKS_SHOWN)[0] if may_publish else []
        shown_links = [_link(visit, each) for each in guests]
        values = {
            **card(visit, found),
            "video": found.video,
            "authors": authors(unit, (found.video.created_by, found.video.updated_by)),
            "may_change": access.may_change(unit, found.video),
            "may_publish": may_publish,
            "links": shown_links,
            **_more(visit, unit, found, problem),
            "visibilities": list(Visibility),
            "player": visit.runtime.playback.urls(
                found.video, found.asset, utcnow(), viewer=visit.principal
            ),
            "sent": visit.form,
            "problem": problem,
            "base_url": visit.runtime.settings.base_url,
        }
    return Shown("video.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Change what the form says. Somebody else's change in the meantime is not overwritten."""
    try:
        with visit.write() as unit:
            found = details.get(unit, visit.number("video"))
            service.update(unit, found.video.id, video_form.fields(unit, visit, found))
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return back(visit, Note.SAVED)


def publish(visit: Visit) -> Outcome:
    """Publish a video, for everybody if the form says so, and else for whom its visibility says."""
    for_everybody = visit.form.get("everybody") == "yes"
    fields: VideoFields = {"visibility": Visibility.PUBLIC} if for_everybody else {}
    try:
        with visit.write() as unit:
            publications.publish_video(unit, visit.number("video"), fields)
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return back(visit, Note.OPENED if for_everybody else Note.PUBLISHED)


def unpublish(visit: Visit) -> Outcome:
    """Unpublish a video: it leaves everything public at once."""
    with visit.write() as unit:
        publications.unpublish_video(unit, visit.number("video"))
    return back(visit, Note.UNPUBLISHED)


def delete(visit: Visit) -> Outcome:
    """Delete a video. The list of videos offers to undo it."""
    video_id = visit.number("video")
    with visit.write() as unit:
        publication = publications.delete_video(unit, video_id)
    deed = Deed("delete", {video_id: deleted_value(publication)})
    return GoTo("/videos", Note.DONE, deed.pack())


def add_link(visit: Visit) -> Outcome:
    """Create a guest link."""
    try:
        fields: LinkFields = {
            "name": needed_text(visit.form, "name", 160),
            "password": optional_text(visit.form, "link_password", PASSWORD_LENGTH),
            "expires_at": moment(visit.form, "expires_at"),
        }
        with visit.write() as unit:
            links.create(unit, visit.number("video"), fields)
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return back(visit, Note.LINK_ADDED)


def revoke_link(visit: Visit) -> Outcome:
    """Revoke a guest link, at once and for good."""
    with visit.write() as unit:
        links.revoke(unit, visit.number("video"), visit.number("link"))
    return back(visit, Note.LINK_REVOKED)


def back(visit: Visit, note: Note) -> GoTo:
    """Lead back to the page of a video."""
    return GoTo(f"/videos/{visit.number('video')}", note)


def _more(
    visit: Visit, unit: ReadUnit, found: VideoDetails, problem: Problem | None
) -> dict[str, Any]:
    """Return what the page shows of a video beside its texts: captions, poster, frame."""
    video, asset = found.video, found.asset
    project = embedding.get(unit, video.project_id)
    values = video_form.catalog_values(unit, found)
    if problem and "chapters" in visit.form:
        values["chapter_rows"] = video_form.shown_rows(visit.form)
    return values | {
        "captions": captions.of_video(unit, video.id)[1],
        "strip": film_strip(visit, found),
        "seconds": (asset.duration_ms or 0) / 1000 if asset else 0,
        "is_drawn": video.poster_claim is not None,
        "shape": f"{asset.width} / {asset.height}" if asset and asset.width else "16 / 9",
        "embed_url": (
            f"{visit.runtime.settings.base_url}/embed/v/{found.slug}" if found.slug else None
        ),
        "sites": project.embed_sites,
        "sites_etag": project.sites_etag,
        "may_embed": visit.principal.may(Permission.SHARES_WRITE),
    }


def _link(visit: Visit, link: Any) -> dict[str, Any]:
    return {
        "id": link.id,
        "name": link.name,
        "url": f"{visit.runtime.settings.base_url}/l/{link.slug}",
        "state": link.state(utcnow()).replace("_", " "),
        "views": link.views,
        "is_open": link.revoked_at is None,
    }
