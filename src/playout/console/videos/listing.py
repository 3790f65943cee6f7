"""The list of videos: searched, filtered, ordered, as a grid or as lines."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from playout.console.texts import marked
from playout.console.videos.cards import card
from playout.console.videos.undo import Deed
from playout.console.visit import Outcome, Problem, Shown, Visit
from playout.core.catalog import service as catalog
from playout.core.catalog.model import Category, Tag
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import ProjectStatus
from playout.core.publications import video_pages
from playout.core.unit import ReadUnit
from playout.core.videos.listing import NAMED_ORDERS, Listing, VideoFilter
from playout.core.videos.model import Status, Visibility
from playout.kit.ids import parse_id

PAGE_SIZES = {"": 24, "lines": 50}
"""The videos of a page, by the view."""
SEARCH_LENGTH = 200
STATES = {"published": "Published", "draft": "Drafts", "failed": "Failed"}
"""The states that the list can be filtered by, and their names."""
VISIBILITIES = {
    Visibility.PUBLIC: "Public",
    Visibility.PRIVATE: "Private",
    Visibility.TEAM: "Team",
    Visibility.ORG: "Org",
}
ORDERS = {"": "Newest", "updated": "Changed last", "title": "By title", "popular": "Most played"}
NAMES = ("search", "state", "visibility", "project", "order", "view")
"""The parts of the address that say what the list shows."""
MOST_ENTRIES = 500


def index(visit: Visit, problem: Problem | None = None, deed: Deed | None = None) -> Outcome:
    """Show a page of the list, as the address says, or the form that came from it."""
    sent = _sent(visit)
    query = {name: sent.get(name, "").strip() for name in NAMES}
    if query["view"] not in PAGE_SIZES:
        query["view"] = ""
    wanted = {name: value for name, value in query.items() if value}
    with visit.read() as unit:
        size = PAGE_SIZES[query["view"]]
        found = video_pages.page(unit, _listing(query), 0, size, sent.get("cursor"))
        values = {
            "cards": [card(visit, each) for each in found.videos],
            "projects": [(each.id, each.name) for each in projects.list_projects(unit)],
            **_choices(unit, visit),
        }
    return Shown(
        "videos.html",
        values
        | {
            "count": found.count,
            "is_exact": found.is_exact,
            "query": query,
            "states": STATES,
            "orders": ORDERS,
            "visibilities": VISIBILITIES,
            "is_filtered": bool(wanted.keys() - {"view", "order"}),
            "back": urlencode(wanted),
            "views": [
                (name, _address({**query, "view": view}), query["view"] == view)
                for name, view in ((marked("Grid"), ""), (marked("List"), "lines"))
            ],
            "next": urlencode({**wanted, "cursor": found.next}) if found.next else None,
            "problem": problem,
            **({"deed": deed} if deed else {}),
        },
        problem.status if problem else 200,
    )


def list_path(visit: Visit) -> str:
    """Return the path of the list that a form came from."""
    wanted = {name: value for name, value in _sent(visit).items() if value and name in NAMES}
    return f"/videos{_address(wanted)}"


def _sent(visit: Visit) -> dict[str, str]:
    """Return what the list shows: the query of the address, or that in the field `back`."""
    if "back" in visit.form:
        return dict(parse_qsl(visit.form["back"]))
    return dict(visit.query)


def _address(query: dict[str, str]) -> str:
    wanted = {name: value for name, value in query.items() if value}
    return f"?{urlencode(wanted)}" if wanted else ""


def _choices(unit: ReadUnit, visit: Visit) -> dict[str, Any]:
    """Return what may be done to chosen videos, and with what."""
    may_write = visit.principal.may(Permission.VIDEOS_WRITE)
    usable = projects.list_projects(unit) if may_write else []
    return {
        "may_add": may_write,
        "may_publish": visit.principal.may(Permission.VIDEOS_PUBLISH),
        "targets": [each for each in usable if each.status is not ProjectStatus.ARCHIVED],
        "categories": catalog.page(unit, Category, 0, MOST_ENTRIES)[0] if may_write else [],
        "all_tags": (
            [each.name for each in catalog.page(unit, Tag, 0, MOST_ENTRIES)[0]] if may_write else []
        ),
    }


def _listing(query: dict[str, str]) -> Listing:
    order = query["order"] if query["order"] in ORDERS else ""
    search = query["search"][:SEARCH_LENGTH].replace("\0", "")
    return Listing(search, NAMED_ORDERS.get(order, order) or "-created_at", _filter(query))


def _filter(query: dict[str, str]) -> VideoFilter:
    state, visibility = query["state"], query["visibility"]
    return VideoFilter(
        status=Status.FAILED if state == "failed" else None,
        is_draft={"published": False, "draft": True}.get(state),
        visibility=Visibility(visibility) if visibility in set(Visibility) else None,
        project_id=parse_id(query["project"]) if query["project"] else None,
    )
