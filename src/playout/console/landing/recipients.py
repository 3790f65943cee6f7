"""The recipients of a landing page: people with a link of their own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from playout.console.authors import authors
from playout.console.landing.places import channel_in, uid_in, uid_of
from playout.console.texts import marked
from playout.console.visit import Download, GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.film_templates import channels
from playout.core.film_templates import service as templates
from playout.core.film_templates.model import FilmTemplate
from playout.core.projects import service as projects
from playout.core.projects.model import Project
from playout.core.recipients import search, service
from playout.core.recipients.links import LinksFile, links_of
from playout.core.recipients.model import MOST_ROWS, REFERENCE_LENGTH, RecipientState
from playout.core.recipients.search import Match, Search
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.ids import random_slug

STATES = {
    RecipientState.INVITED: ("draft", "Invited", marked("{count} invited")),
    RecipientState.OPENED: ("is", "Opened", marked("{count} opened")),
    RecipientState.WATCHED: ("is", "Watched", marked("{count} watched")),
    RecipientState.REVOKED: ("off", "Revoked", marked("{count} revoked")),
}
"""The sign and the word of each state, and how many are in it."""
HOLDS = {
    "text": marked("A text of at most {most} characters"),
    "number": marked("A number, such as 12.5"),
    "currency": marked("An amount, such as 49.90"),
    "date": marked("A day, such as 2027-01-31"),
    "boolean": marked("true or false"),
    "image": marked("The name of a picture of the template"),
}
"""The contents of a column, by the type of its field."""
ON_PAGE = 50
IMPORTS_ON_PAGE = 5
NAMES = ("search", "state", "import")
"""The names in the address of a list."""


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the recipients of a landing page, as the address asks for them."""
    query = {name: visit.query.get(name, "").strip() for name in NAMES}
    with visit.read() as unit:
        project, share = share_in(unit, visit)
        asked = _asked(query)
        after = visit.query.get("after", "")
        found = search.find(
            unit,
            share,
            visit.runtime.cipher,
            asked,
            after=uid_of(after, "recipient") if after else None,
            limit=ON_PAGE,
        )
        counts = search.counts(unit, share, asked.import_id)
        imports = service.imports(unit, share)
        template = _template(unit, project, share)
        values: dict[str, Any] = {
            "project": project,
            "share": share,
            "channel": share.channel,
            "template": template,
            "fields": template.parsed().fields if template else {},
            "rows": [_row(visit, each, share) for each in found.matches],
            "next": urlencode({**_named(query), "after": found.next}) if found.next else None,
            "total": sum(counts.values()),
            "counts": counts,
            "states": STATES,
            "holds": HOLDS,
            "most_rows": MOST_ROWS,
            "query": query,
            "back": urlencode({**_named(query), **({"after": after} if after else {})}),
            "authors": authors(unit, (each.created_by for each in imports)),
            "imports": imports if "all" in visit.query else imports[:IMPORTS_ON_PAGE],
            "older": max(len(imports) - IMPORTS_ON_PAGE, 0) if "all" not in visit.query else 0,
            "key": random_slug(),
            "base_url": visit.runtime.settings.base_url,
            "problem": problem,
        }
    return Shown("recipients.html", values, problem.status if problem else 200)


def revoke(visit: Visit) -> Outcome:
    """End the link of a recipient."""
    return _change(visit, service.revoke, Note.RECIPIENT_REVOKED)


def remove(visit: Visit) -> Outcome:
    """Delete a recipient, with the personal data."""
    return _change(visit, service.remove, Note.RECIPIENT_DELETED)


def remove_all(visit: Visit) -> Outcome:
    """Delete all recipients of a landing page."""
    with visit.write() as unit:
        service.remove_all(unit, share_in(unit, visit)[1])
    return GoTo(path_of(visit), Note.RECIPIENTS_DELETED)


def links(visit: Visit) -> Outcome:
    """Return the links of all recipients, or of those of one import, as a file."""
    only = visit.query.get("import", "")
    runtime = visit.runtime
    file = LinksFile(
        visit.read,
        uid_in(visit, "project"),
        channel_in(visit),
        uid_of(only, "import") if only else None,
        cipher=runtime.cipher,
        base_url=runtime.base_url,
    )
    return Download("links.csv", "text/csv", file.pieces())


def path_of(visit: Visit) -> str:
    """Return the path of the page of recipients, below that of the console."""
    return f"/landing/{uid_in(visit, 'project')}/{channel_in(visit)}/recipients"


def _change(
    visit: Visit, change: Callable[[WriteUnit, Share, UUID], object], note: Note
) -> Outcome:
    with visit.write() as unit:
        share = share_in(unit, visit)[1]
        change(unit, share, uid_in(visit, "recipient"))
    back = urlencode(parse_qsl(visit.form.get("back", "")))
    return GoTo(f"{path_of(visit)}?{back}" if back else path_of(visit), note)


def share_in(unit: ReadUnit, visit: Visit) -> tuple[Project, Share]:
    """Return the project and the landing page that the path names. Raise `NotFound`."""
    project = uid_in(visit, "project")
    return projects.get(unit, project), service.share_of(unit, project, channel_in(visit))


def _template(unit: ReadUnit, project: Project, share: Share) -> FilmTemplate | None:
    held = channels.list_channels(unit, project.uid)[1].get(share.channel)
    return templates.get(unit, project.uid, held.template_id) if held else None


def _asked(query: dict[str, str]) -> Search:
    state = query["state"]
    return Search(
        query["search"][: REFERENCE_LENGTH * 4],
        RecipientState(state) if state in set(RecipientState) else None,
        uid_of(query["import"], "import") if query["import"] else None,
    )


def _named(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}


def _row(visit: Visit, match: Match, share: Share) -> dict[str, Any]:
    recipient = match.recipient
    sign, word, _ = STATES[recipient.state]
    return {
        "id": recipient.id,
        "reference": match.reference,
        "url": links_of(recipient, share, visit.runtime.base_url).url,
        "sign": sign,
        "word": word,
        "views": recipient.views,
        "expires_at": recipient.expires_at,
        "is_open": recipient.revoked_at is None,
    }
