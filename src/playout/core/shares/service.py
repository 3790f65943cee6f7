"""Use cases of shares: list, put, disable, restore, rotate, audit."""

from dataclasses import dataclass
from uuid import UUID

from playout.core.ledger.model import Entry, differences
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.model import Project
from playout.core.shares import queries
from playout.core.shares.model import (
    PERSONALIZATION_BYTES,
    Channel,
    Share,
    ShareSlug,
    ShareStatus,
    Wanted,
    compact,
    new_slug,
    share_subject,
)
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Invalid, NotFound
from playout.kit.language_tags import is_language_tag


@dataclass(frozen=True, slots=True)
class Outcome:
    """What putting a share came to."""

    share: Share
    project: Project
    created: bool


def listed(unit: ReadUnit, project_uid: UUID) -> tuple[Project, list[Share]]:
    """The shares of a project. Raises `NotFound` for a project that is not the caller's."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return project, queries.of_project(unit, project)


def put(unit: WriteUnit, project_uid: UUID, channel: Channel, wanted: Wanted) -> Outcome:
    """Make the share of a channel, or make it what is wanted; what is so already stays.

    Raises `Invalid`, `NotFound` for the project, and `Conflict` when it is archived.
    """
    project = _project(unit, project_uid)
    projects.check_open(project)
    _check(unit, project, wanted)
    share = queries.share(unit, project, channel)
    unit.expect(share.etag if share else None)
    if share is None:
        return Outcome(_create(unit, project, channel, wanted), project, created=True)
    before = share.state()
    share.apply(wanted)
    changed = differences(before, share.state())
    if changed:
        share.updated_at = unit.now
        unit.record("share.updated", share_subject(project, channel), changed)
    return Outcome(share, project, created=False)


def disable(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[Project, Share]:
    """Take the page away and keep all that makes it. Doing it again changes nothing."""
    project, share = _share(unit, project_uid, channel)
    if share.status is ShareStatus.ENABLED:
        before = share.state()
        share.disable(unit.principal.name, unit.now)
        changes = differences(before, share.state())
        unit.record("share.disabled", share_subject(project, channel), changes)
    return project, share


def restore(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[Project, Share]:
    """Bring a disabled page back at the same address. Doing it again changes nothing."""
    project, share = _share(unit, project_uid, channel)
    projects.check_open(project)
    if share.status is ShareStatus.DISABLED:
        before = share.state()
        share.restore(unit.principal.name, unit.now)
        changes = differences(before, share.state())
        unit.record("share.restored", share_subject(project, channel), changes)
    return project, share


def rotate(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[str, Share]:
    """Give a share a new address and end the one it had; return the slug it had."""
    project, share = _share(unit, project_uid, channel)
    projects.check_open(project)
    previous = share.slug
    share.slug = _give_slug(unit, project, channel)
    share.updated_at = unit.now
    changes = {"slug": [previous, share.slug]}
    unit.record("share.rotated", share_subject(project, channel), changes)
    return previous, share


def audit(unit: ReadUnit, project_uid: UUID, channel: Channel, limit: int) -> list[Entry]:
    """Who did what to a share and when, newest first."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    if queries.share(unit, project, channel) is None:
        raise _no_share()
    return queries.history(unit, share_subject(project, channel), limit)


def _create(unit: WriteUnit, project: Project, channel: Channel, wanted: Wanted) -> Share:
    share = Share(
        project_id=project.id,
        channel=channel,
        slug=_give_slug(unit, project, channel),
        created_at=unit.now,
        updated_at=unit.now,
    )
    share.apply(wanted)
    unit.session.add(share)
    unit.record("share.created", share_subject(project, channel), differences({}, share.state()))
    return share


def _give_slug(unit: WriteUnit, project: Project, channel: Channel) -> str:
    slug = new_slug()
    unit.session.add(
        ShareSlug(slug=slug, project_id=project.id, channel=channel, created_at=unit.now)
    )
    unit.session.flush()
    return slug


def _project(unit: WriteUnit, uid: UUID) -> Project:
    """The project, locked: what happens to one project's shares happens in turn."""
    unit.principal.require(Permission.SHARES_WRITE)
    return projects.locked(unit, uid)


def _share(unit: WriteUnit, project_uid: UUID, channel: Channel) -> tuple[Project, Share]:
    project = _project(unit, project_uid)
    share = queries.share(unit, project, channel)
    if share is None:
        raise _no_share()
    unit.expect(share.etag)
    return project, share


def _check(unit: WriteUnit, project: Project, wanted: Wanted) -> None:
    """Raises `Invalid` where a share cannot be as it is wanted."""
    if wanted.cta_url is not None and wanted.cta_label is None:
        raise _invalid("cta_label", "is required where there is a CTA URL")
    if wanted.cta_label is not None and wanted.cta_url is None:
        raise _invalid("cta_url", "is required where there is a CTA label")
    if wanted.locale is not None and not is_language_tag(wanted.locale):
        raise _invalid("locale", "must be a BCP 47 language tag, such as es-CL")
    data = wanted.personalization_data
    if data is not None and len(compact(data)) > PERSONALIZATION_BYTES:
        raise _invalid("personalization_data", "may have 64 KiB of JSON at the most")
    _check_references(unit, project, wanted)


def _check_references(unit: WriteUnit, project: Project, wanted: Wanted) -> None:
    if wanted.credential_id is not None:
        credential = queries.credential(unit, project, wanted.credential_id)
        if credential is None or credential.revoked_at is not None:
            raise _invalid("api_credential_id", "must be an active credential of this project")
    if wanted.video_uid is not None and not queries.video_of(unit, project, wanted.video_uid):
        raise _invalid("video_id", "must be a video of this project")


def _invalid(field: str, rule: str) -> Invalid:
    return Invalid(f"{field.replace('_', ' ').capitalize()} {rule}.", {field: f"{rule}."})


def _no_share() -> NotFound:
    return NotFound("The project has no share in this channel.")
