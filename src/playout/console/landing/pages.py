"""The room of landing pages: the three channels of a project side by side."""

import json
from collections.abc import Mapping
from typing import Any

from playout.console.fields import json_object, kept_moment, needed_text, optional_text, web_address
from playout.console.landing.places import channel_in, uid_in
from playout.console.texts import marked
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.shares import service
from playout.core.shares.model import (
    CTA_LABEL_LENGTH,
    LOCALE_LENGTH,
    SUBTITLE_LENGTH,
    TITLE_LENGTH,
    PasswordChange,
    Share,
    ShareInput,
    ShareStatus,
)
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound, PlayoutError, PreconditionFailed
from playout.kit.passwords import PASSWORD_LENGTH

PURPOSES = {
    Channel.DEV: "For whoever makes it. It plays drafts.",
    Channel.STAGING: "For whoever signs it off. It plays drafts.",
    Channel.PROD: "For the public. It plays what is published.",
}
DONE = {"disable": Note.DISABLED, "restore": Note.RESTORED, "rotate": Note.ROTATED}


def index(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the landing pages of a project."""
    with visit.read() as unit:
        usable = projects.list_projects(unit)
        project = _project(unit, visit, usable)
        shares = service.list_shares(unit, project.uid)[1] if project else []
        pages = {
            each.channel: _page(visit, each, service.shown_video(unit, each)) for each in shares
        }
    values = {
        "projects": usable,
        "project": project,
        "base_url": visit.runtime.settings.base_url,
        "channels": [(each, PURPOSES[each], pages.get(each)) for each in Channel],
        "may_change": visit.principal.may(Permission.SHARES_WRITE),
        "sent": visit.form,
        "failed": visit.path.get("channel"),
        "problem": problem,
    }
    return Shown("landing.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Create the landing page of a channel, or change it."""
    try:
        with visit.write() as unit:
            unit.principal.require(Permission.SHARES_WRITE)
            # Locked before the page is read: its ETag is then that of what is changed.
            project = projects.get_for_update(unit, uid_in(visit, "project"))
            shares = {each.channel: each for each in service.list_shares(unit, project.uid)[1]}
            channel = channel_in(visit)
            if channel in shares and visit.form.get("is_new"):
                raise PreconditionFailed("Somebody has made this page meanwhile.")
            sent = _input(visit, shares.get(channel))
            service.put(unit, project.uid, channel, sent, _password(visit))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return _back(visit, Note.SAVED)


def act(visit: Visit) -> Outcome:
    """Disable or restore a landing page, or give it a new address."""
    acts = {"disable": service.disable, "restore": service.restore, "rotate": service.rotate}
    verb = visit.path["verb"]
    if verb not in acts:
        raise NotFound("There is no such page.")
    try:
        with visit.write() as unit:
            acts[verb](unit, uid_in(visit, "project"), channel_in(visit))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return _back(visit, DONE[verb])


def _back(visit: Visit, note: Note) -> GoTo:
    return GoTo(f"/landing/{visit.path['project']}", note)


def _project(unit: ReadUnit, visit: Visit, usable: list[Project]) -> Project | None:
    if "project" in visit.path:
        return projects.get(unit, uid_in(visit, "project"))
    return next(iter(usable), None)


def _input(visit: Visit, share: Share | None) -> ShareInput:
    """Return a whole share: what the form has, and what only the API sets as it is."""
    form = visit.form
    return ShareInput(
        public_title=needed_text(form, "title", TITLE_LENGTH),
        public_subtitle=optional_text(form, "subtitle", SUBTITLE_LENGTH),
        locale=optional_text(form, "locale", LOCALE_LENGTH),
        cta_label=optional_text(form, "cta_label", CTA_LABEL_LENGTH),
        cta_url=web_address(form, "cta_url"),
        publish_at=kept_moment(form, "publish_at", share.publish_at if share else None),
        expires_at=kept_moment(form, "expires_at", share.expires_at if share else None),
        personalization_data=_data(form, share),
        credential_id=share.credential_id if share else None,
        video_uid=share.video_uid if share else None,
    )


def _data(form: Mapping[str, str], share: Share | None) -> dict[str, Any] | None:
    """Return the data that the film shows: what the form has, or what it was if it has not changed.

    Whoever sends numbers with many digits by the API keeps each of them.
    """
    stored = share.personalization_data if share else None
    written = form.get("data", "").replace("\r\n", "\n").strip()
    return (
        stored if "data" not in form or written == _written(stored) else json_object(form, "data")
    )


def _written(data: dict[str, Any] | None) -> str:
    return "" if data is None else json.dumps(data, indent=2, ensure_ascii=False)


def _password(visit: Visit) -> PasswordChange | None:
    """Return the change of the password; None if the field is left empty."""
    password = optional_text(visit.form, "password", PASSWORD_LENGTH)
    if password is not None or visit.form.get("no_password") == "on":
        return PasswordChange(password)
    return None


def _page(visit: Visit, share: Share, shown: tuple[Video, Asset | None] | None) -> dict[str, Any]:
    now = utcnow()
    state, word = "is", marked("Shown")
    if share.status is ShareStatus.DISABLED:
        state, word = "off", marked("Disabled")
    elif share.publish_at is not None and share.publish_at > now:
        state, word = "coming", marked("Begins later")
    elif share.expires_at is not None and share.expires_at <= now:
        state, word = "off", marked("Over")
    return {
        "share": share,
        "video": _video(visit, *shown) if shown else None,
        "data": _written(share.personalization_data),
        "body": _body(share),
        "etag": share.etag,
        "url": f"{visit.runtime.settings.base_url}/s/{share.slug}",
        "state": state,
        "word": word,
        "is_disabled": share.status is ShareStatus.DISABLED,
        "has_password": share.password_hash is not None,
    }


def _video(visit: Visit, video: Video, asset: Asset | None) -> dict[str, Any]:
    urls = visit.runtime.playback.urls(video, asset, utcnow(), viewer=visit.principal)
    return {"id": video.id, "title": video.title, "picture": urls.pictures.thumbnail}


def _body(share: Share) -> dict[str, Any]:
    """Return what the API takes for the page as it is, apart from its password."""
    fields = {
        "publicTitle": share.public_title,
        "publicSubtitle": share.public_subtitle,
        "locale": share.locale,
        "ctaLabel": share.cta_label,
        "ctaUrl": share.cta_url,
        "personalizationData": share.personalization_data,
        "apiCredentialId": share.credential_id and str(share.credential_id),
        "videoId": share.video_uid and str(share.video_uid),
        "publishAt": share.publish_at and share.publish_at.isoformat(),
        "expiresAt": share.expires_at and share.expires_at.isoformat(),
    }
    return {name: value for name, value in fields.items() if value is not None}
