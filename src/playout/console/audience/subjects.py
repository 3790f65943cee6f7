"""The subjects of numbers: a project, one of its landing pages, a video, or a guest link."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playout.console.texts import translated
from playout.console.visit import Visit
from playout.core.analytics.subjects import (
    link_subject,
    project_subject,
    share_subject,
    video_subject,
)
from playout.core.links import service as links
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.publications import details, video_pages
from playout.core.publications.details import VideoDetails
from playout.core.shares import service as shares
from playout.core.unit import ReadUnit
from playout.core.videos import service as all_videos
from playout.core.videos.listing import Listing, VideoFilter
from playout.kit.errors import NotFound

MOST_PLAYED = 8
LINKS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Way:
    """A link to other numbers, and the number that stands beside it."""

    path: str
    name: str
    count: int | None = None
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """A thing that numbers are about. Its path is below that of the console."""

    subject: str
    title: str
    path: str
    api: str
    """The path of the same numbers in the Videos API."""
    crumbs: Sequence[Way] = ()
    projects: Sequence[Way] = ()
    channels: Sequence[Way] = ()
    videos: Sequence[Way] = ()
    links: Sequence[Way] = ()
    film: VideoDetails | None = None
    """The one video that all numbers are about."""


Find = Callable[[ReadUnit, Visit], Watched | None]
FindSubject = Callable[[ReadUnit, Visit], str | None]


def first_project(unit: ReadUnit, visit: Visit) -> Watched | None:
    """Return the first project; None if there is none, or the visitor sees single videos only."""
    usable = projects.list_projects(unit)
    if not usable or not visit.principal.may(Permission.SHARES_READ):
        return None
    return _project(unit, usable[0].id)


def project(unit: ReadUnit, visit: Visit) -> Watched:
    """Return the project in the path."""
    return _project(unit, visit.number("project"))


def share(unit: ReadUnit, visit: Visit) -> Watched:
    """Return the landing page in the path."""
    if visit.path["channel"] not in set(Channel):
        raise NotFound("There is no such channel.")
    found = shares.get(unit, visit.number("project"), Channel(visit.path["channel"]))
    whole = shares.project_of_shares(unit, found.project_id)
    above = f"/audience/projects/{whole.id}"
    page = translated("Landing page, {channel}", channel=found.channel)
    path = f"{above}/shares/{found.channel}"
    return Watched(
        share_subject(found.project_id, found.channel),
        found.public_title,
        path,
        f"workspaces/{whole.id}/shares/{found.channel}",
        crumbs=[
            Way(above, whole.name),
            Way("", page),
            Way(f"{path}/experiments", translated("Experiments")),
        ],
    )


def video(unit: ReadUnit, visit: Visit) -> Watched:
    """Return the video in the path."""
    found = details.get(unit, visit.number("video"))
    path = f"/audience/videos/{found.video.id}"
    may_publish = visit.principal.may(Permission.VIDEOS_PUBLISH)
    guests = links.page(unit, found.video.id, 0, LINKS_SHOWN)[0] if may_publish else []
    return Watched(
        video_subject(found.video.id),
        found.video.title,
        path,
        f"videos/{found.video.id}",
        crumbs=[
            Way(f"/videos/{found.video.id}", translated("Open the video")),
            Way(f"{path}/experiments", translated("Experiments")),
        ],
        links=[Way(f"{path}/links/{each.id}", each.name, each.views) for each in guests],
        film=found,
    )


def link(unit: ReadUnit, visit: Visit) -> Watched:
    """Return the guest link in the path."""
    guest = links.get(unit, visit.number("video"), visit.number("link"))
    found = details.get(unit, visit.number("video"))
    above = f"/audience/videos/{found.video.id}"
    return Watched(
        link_subject(guest.id),
        guest.name,
        f"{above}/links/{guest.id}",
        f"videos/{found.video.id}/links/{guest.id}",
        crumbs=[
            Way(above, found.video.title),
            Way("", translated("Guest link")),
            Way(f"{above}/experiments?page=links", translated("Experiments")),
        ],
        film=found,
    )


FINDS: Mapping[str, Find] = {
    "/audience": first_project,
    "/audience/projects/{project}": project,
    "/audience/projects/{project}/shares/{channel}": share,
    "/audience/videos/{video}": video,
    "/audience/videos/{video}/links/{link}": link,
}
"""The function that finds the subject of each address."""


def _first_subject(unit: ReadUnit, visit: Visit) -> str | None:
    usable = projects.list_projects(unit) if visit.principal.may(Permission.SHARES_READ) else []
    return project_subject(usable[0].id) if usable else None


def _project_subject(unit: ReadUnit, visit: Visit) -> str:
    return project_subject(shares.project_of_shares(unit, visit.number("project")).id)


def _share_subject(unit: ReadUnit, visit: Visit) -> str:
    if visit.path["channel"] not in set(Channel):
        raise NotFound("There is no such channel.")
    found = shares.get(unit, visit.number("project"), Channel(visit.path["channel"]))
    return share_subject(found.project_id, found.channel)


def _video_subject(unit: ReadUnit, visit: Visit) -> str:
    return video_subject(all_videos.get(unit, visit.number("video")).id)


def _link_subject(unit: ReadUnit, visit: Visit) -> str:
    return link_subject(links.get(unit, visit.number("video"), visit.number("link")).id)


SUBJECTS: Mapping[str, FindSubject] = {
    "/audience": _first_subject,
    "/audience/projects/{project}": _project_subject,
    "/audience/projects/{project}/shares/{channel}": _share_subject,
    "/audience/videos/{video}": _video_subject,
    "/audience/videos/{video}/links/{link}": _link_subject,
}
"""The function that finds the subject of each address, and nothing else."""


def _project(unit: ReadUnit, project_id: int) -> Watched:
    whole = shares.project_of_shares(unit, project_id)
    path = f"/audience/projects/{whole.id}"
    _, pages = shares.list_shares(unit, whole.uid)
    usable = projects.list_projects(unit)
    return Watched(
        project_subject(whole.id),
        whole.name,
        path,
        f"workspaces/{whole.id}",
        projects=[
            Way(f"/audience/projects/{each.id}", each.name, is_here=each.id == whole.id)
            for each in usable
        ],
        channels=[Way(f"{path}/shares/{each.channel}", str(each.channel)) for each in pages],
        videos=most_played(unit, whole.id),
    )


def most_played(unit: ReadUnit, project_id: int | None = None) -> list[Way]:
    """Return the videos that were played most, of a project or of all."""
    listing = Listing(order="popular", filter=VideoFilter(project_id=project_id))
    found = video_pages.page(unit, listing, 0, MOST_PLAYED)
    return [
        Way(f"/audience/videos/{each.video.id}", each.video.title, each.video.plays)
        for each in found.videos
    ]
