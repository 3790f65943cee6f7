"""Use cases of shares: list, put, disable, restore, rotate the slug, audit."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from playout.core.ledger.model import Entry, differences
from playout.core.media.model import Asset
from playout.core.permissions import Permission
from playout.core.projects import queries as project_queries
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.shares import queries
from playout.core.shares.model import (
    PERSONALIZATION_BYTES,
    PasswordChange,
    Share,
    ShareInput,
    ShareSlug,
    ShareStatus,
    compact_json,
)
from playout.core.unit import ReadUnit, WriteUnit
from playout.core.videos import queries as video_queries
from playout.core.videos.model import Video
from playout.core.web_addresses import check_web_addresses
from playout.kit.errors import Invalid, NotFound, require_found
from playout.kit.ids import random_slug
from playout.kit.language_tags import is_language_tag
from playout.kit.passwords import changed_hash


@dataclass(frozen=True, slots=True)
class PutResult:
    """The share after a put, and whether the put created it."""

    share: Share
    project: Project
    created: bool


def list_shares(unit: ReadUnit, project_uid: UUID) -> tuple[Project, list[Share]]:
    """Return a project and its shares, or raise `NotFound`."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return project, queries.of_project(unit, project)


def shown_video(unit: ReadUnit, share: Share) -> tuple[Video, Asset | None] | None:
    """Return the video that a share shows, with its asset unless it is on another site.

    None if its channel has no video yet, or one that the caller may not see. It does not ask
    whether the share serves now.
    """
    unit.principal.require(Permission.SHARES_READ)
    found = queries.current_video(unit.session, share)
    if found is None or video_queries.by_id(unit, found[0].id) is None:
        return None
    return found[0], found[1]


def project_of_shares(unit: ReadUnit, project_id: int) -> Project:
    """Return a project, to whoever may see its shares. Raise `NotFound`."""
    unit.principal.require(Permission.SHARES_READ)
    return require_found(project_queries.by_id(unit, project_id), "workspace")


def get(unit: ReadUnit, project_id: int, channel: Channel) -> Share:
    """Return the share of a project for one channel. Raise `NotFound`."""
    project = project_of_shares(unit, project_id)
    return require_found(queries.share(unit, project, channel), "share")


def put(
    unit: WriteUnit,
    project_uid: UUID,
    channel: Channel,
    sent: ShareInput,
    password: PasswordChange | None = None,
) -> PutResult:
    """Create the share of a channel, or replace what it has. Sending the same changes nothing.

    The password stays unless `password` changes it.

    Raise `Invalid`, `NotFound` for the project, and `Conflict` when it is archived.
    """
    project = _project_for_update(unit, project_uid)
    projects.check_not_archived(project)
    _check(unit, project, sent)
    share = queries.share(unit, project, channel)
    unit.check_if_match(share.etag if share else None)
    if share is None:
        _check_times(sent, None, unit.now)
        return PutResult(_create(unit, project, channel, sent, password), project, created=True)
    _check_times(sent, share, unit.now)
    before, hashed = share.audit_state(), share.password_hash
    share.apply(sent, unit.now)
    _set_password(share, password)
    changes = differences(before, share.audit_state())
    if changes or share.password_hash != hashed:
        unit.record("share.updated", share, changes)
    return PutResult(share, project, created=False)


def disable(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[Project, Share]:
    """Switch the page off, and keep everything that it shows. Doing it again changes nothing."""
    project, share = _share_for_update(unit, project_uid, channel)
    if share.status is ShareStatus.ENABLED:
        before = share.audit_state()
        share.disable(unit.principal.name, unit.now)
        unit.record("share.disabled", share, differences(before, share.audit_state()))
    return project, share


def restore(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[Project, Share]:
    """Switch a disabled page on, at the same address. Doing it again changes nothing."""
    project, share = _share_for_update(unit, project_uid, channel)
    projects.check_not_archived(project)
    if share.status is ShareStatus.DISABLED:
        before = share.audit_state()
        share.restore(unit.principal.name, unit.now)
        unit.record("share.restored", share, differences(before, share.audit_state()))
    return project, share


def rotate(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[str, Share]:
    """Give a share a new slug, and retire the one it had, which is returned."""
    project, share = _share_for_update(unit, project_uid, channel)
    projects.check_not_archived(project)
    previous = share.slug
    share.slug = _insert_slug(unit, project, channel)
    unit.record("share.rotated", share, {"slug": [previous, share.slug]})
    return previous, share


def audit(unit: ReadUnit, project_uid: UUID, channel: Channel, limit: int) -> list[Entry]:
    """Return who did what to a share and when, newest first."""
    unit.principal.require(Permission.SHARES_WRITE)
    project = projects.get(unit, project_uid)
    share = queries.share(unit, project, channel)
    if share is None:
        raise _no_share()
    return queries.history(unit, share.subject, limit)


def _create(
    unit: WriteUnit,
    project: Project,
    channel: Channel,
    sent: ShareInput,
    password: PasswordChange | None,
) -> Share:
    slug = _insert_slug(unit, project, channel)
    share = unit.stamp(Share(project=project, channel=channel, slug=slug))
    share.apply(sent, unit.now)
    _set_password(share, password)
    unit.session.add(share)
    unit.session.flush()
    unit.record("share.created", share, differences({}, share.audit_state()))
    return share


def _set_password(share: Share, change: PasswordChange | None) -> None:
    if change is not None:
        share.password_hash = changed_hash(share.password_hash, change.password)


def _check_times(sent: ShareInput, share: Share | None, now: datetime) -> None:
    """Raise `Invalid` for an end that is over, unless the share has it already."""
    end, had = sent.expires_at, share.expires_at if share else None
    if end is None:
        return
    if end <= now and end != had:
        raise _invalid("expires_at", "It must be in the future.")
    if sent.publish_at is not None and end <= sent.publish_at:
        raise _invalid("expires_at", "It must be later than the time of publishing.")


def _insert_slug(unit: WriteUnit, project: Project, channel: Channel) -> str:
    slug = random_slug()
    unit.session.add(
        ShareSlug(slug=slug, project_id=project.id, channel=channel, created_at=unit.now)
    )
    unit.session.flush()
    return slug


def _project_for_update(unit: WriteUnit, uid: UUID) -> Project:
    """Return the project, locked so that changes of its shares wait for each other."""
    unit.principal.require(Permission.SHARES_WRITE)
    return projects.get_for_update(unit, uid)


def _share_for_update(
    unit: WriteUnit, project_uid: UUID, channel: Channel
) -> tuple[Project, Share]:
    project = _project_for_update(unit, project_uid)
    share = queries.share(unit, project, channel)
    if share is None:
        raise _no_share()
    unit.check_if_match(share.etag)
    return project, share


def _check(unit: WriteUnit, project: Project, sent: ShareInput) -> None:
    """Raise `Invalid` for fields that are wrong, or do not fit together or the project."""
    check_web_addresses({"cta_url": sent.cta_url})
    if sent.cta_url is not None and sent.cta_label is None:
        raise _invalid("cta_label", "It is needed where there is a CTA URL.")
    if sent.cta_label is not None and sent.cta_url is None:
        raise _invalid("cta_url", "It is needed where there is a CTA label.")
    if sent.locale is not None and not is_language_tag(sent.locale):
        raise _invalid("locale", "Write a BCP 47 language tag, such as es-CL.")
    data = sent.personalization_data
    if data is not None and len(compact_json(data)) > PERSONALIZATION_BYTES:
        raise _invalid("personalization_data", "It may have 64 KiB of JSON at the most.")
    _check_references(unit, project, sent)


def _check_references(unit: WriteUnit, project: Project, sent: ShareInput) -> None:
    if sent.credential_id is not None:
        credential = queries.credential(unit, project, sent.credential_id)
        if credential is None or credential.revoked_at is not None:
            raise _invalid("api_credential_id", "Name an active credential of this project.")
    if sent.video_uid is not None and not queries.video_of(unit, project, sent.video_uid):
        raise _invalid("video_id", "Name a video of this project, and of no sub-account.")


def _invalid(field: str, rule: str) -> Invalid:
    return Invalid(f"{field}: {rule}", {field: rule})


def _no_share() -> NotFound:
    return NotFound("The project has no share in this channel.")
