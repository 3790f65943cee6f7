"""Preview as a recipient: whether the link of a person plays at a time, and why not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from playout.console.campaigns.times import time_within
from playout.console.texts import translated
from playout.console.visit import Visit
from playout.core.film_templates import channels
from playout.core.film_templates import service as templates
from playout.core.permissions import Permission
from playout.core.projects.model import Project, ProjectStatus
from playout.core.recipients import search
from playout.core.recipients.links import links_of
from playout.core.recipients.model import REFERENCE_LENGTH, Recipient
from playout.core.recipients.search import Match, Search
from playout.core.shares import service as shares
from playout.core.shares.model import Share, ShareStatus
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


def values(unit: ReadUnit, visit: Visit, video: Video, at: datetime) -> dict[str, Any]:
    """Return the answer for the recipient that the address names, by a reference or a link."""
    may_ask = visit.principal.may(Permission.SHARES_WRITE)
    typed = visit.query.get("recipient", "").strip()[: REFERENCE_LENGTH * 4]
    if not may_ask or not typed:
        return {"may_ask_recipient": may_ask, "recipient": "", "person": None}
    project = shares.project_of_shares(unit, video.project_id)
    found = _found(unit, visit, project, typed)
    person = None
    if found is not None:
        share, match = found
        reasons = [
            *_against_page(project, share, at),
            *_against_link(match.recipient, at),
            *_against_film(unit, project, share, video),
        ]
        person = {
            "name": match.reference or typed,
            "channel": share.channel,
            "reasons": reasons,
            "links": links_of(match.recipient, share, visit.runtime.base_url),
        }
    return {
        "may_ask_recipient": True,
        "recipient": typed,
        "person": person,
        "most_read": search.MOST_READ,
    }


def _found(
    unit: ReadUnit, visit: Visit, project: Project, typed: str
) -> tuple[Share, Match] | None:
    for share in shares.list_shares(unit, project.uid)[1]:
        asked = Search(typed)
        matches, _ = search.find(unit, share, visit.runtime.cipher, asked, after=None, limit=1)
        if matches:
            return share, matches[0]
    return None


def _against_page(project: Project, share: Share, at: datetime) -> Iterator[str]:
    if project.status is ProjectStatus.ARCHIVED:
        yield translated("The project is archived.")
    if share.status is ShareStatus.DISABLED:
        yield translated("The landing page {channel} is disabled.", channel=share.channel)
    if share.publish_at is not None and share.publish_at > at:
        when = time_within(share.publish_at)
        yield translated(
            "The landing page {channel} begins at {when}.", channel=share.channel, when=when
        )
    if share.expires_at is not None and share.expires_at <= at:
        when = time_within(share.expires_at)
        yield translated(
            "The landing page {channel} ended at {when}.", channel=share.channel, when=when
        )


def _against_link(recipient: Recipient, at: datetime) -> Iterator[str]:
    if recipient.revoked_at is not None:
        yield translated("The link was revoked at {when}.", when=time_within(recipient.revoked_at))
    elif recipient.expires_at <= at:
        yield translated("The link ends at {when}.", when=time_within(recipient.expires_at))


def _against_film(unit: ReadUnit, project: Project, share: Share, video: Video) -> Iterator[str]:
    held = channels.list_channels(unit, project.uid)[1].get(share.channel)
    if held is None:
        yield translated(
            "{channel} plays no film template, so the film shows nothing of theirs.",
            channel=share.channel,
        )
    elif templates.get(unit, project.uid, held.template_id).video_uid != video.uid:
        yield translated(
            "The template of {channel} is drawn over another video.", channel=share.channel
        )
