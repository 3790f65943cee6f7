"""Use cases of renders: create and delete."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from playout.compose.manifest.data import check_data
from playout.compose.manifest.resolve import scenes_left_out
from playout.core.film_templates.fields import errors_within
from playout.core.permissions import Permission
from playout.core.projects import queries as project_queries
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.renders import queries
from playout.core.renders.jobs import remove_segments
from playout.core.renders.layout import layout_from_json
from playout.core.renders.model import FilmBase, Render
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Conflict, require_found
from playout.kit.ids import random_slug, uuid7

RENDERS_AT_ONCE = 1_000
FILMS_AT_ONCE = 500
"""Films of one statement, and of one job: each has some segments in each rendition."""


@dataclass(frozen=True, slots=True)
class NewRender:
    """A film to create: the channel whose template it shows, and the data of its viewer."""

    channel: Channel
    data: dict[str, Any] = field(repr=False)
    days: int
    """Days until it expires."""


def create(unit: WriteUnit, cipher: SecretCipher, project_uid: UUID, new: NewRender) -> Render:
    """Create the film of one viewer, which plays at once.

    Raise `NotFound`, `Invalid` for data that the template does not allow, and `Conflict` when the
    project is archived, the channel holds no template, or its film is still processed.
    """
    project = _project(unit, project_uid)
    projects.check_not_archived(project)
    base = _base(unit, project, new.channel)
    template = base.template
    pictures = frozenset(each["name"] for each in template.assets)
    with errors_within("personalization_data"):
        manifest = template.parsed()
        values = check_data(manifest, new.data, pictures)
        left_out = scenes_left_out(manifest, values)
        if left_out:  # most templates have no scenes
            layout_from_json(base.layout or {}).left_out(left_out)
    principal = unit.principal
    render = Render(
        id=uuid7(),
        organization_id=project.organization_id,
        project=project,
        channel=new.channel,
        base_id=base.id,
        credential_id=UUID(principal.id) if principal.kind == "render" else None,
        slug=random_slug(),
        data=cipher.encrypt(json.dumps(new.data)),
        created_by=principal.name,
        created_at=unit.now,
        expires_at=unit.now + timedelta(days=new.days),
    )
    unit.session.add(render)
    unit.session.flush()
    # Neither the data nor the address, which are personal: events are kept for ever.
    unit.record("render.created", render, {"channel": [None, new.channel]})
    return render


def get(unit: ReadUnit, project_uid: UUID, render_id: UUID) -> Render:
    """Return a render. Raise `NotFound`."""
    project = _project(unit, project_uid)
    return require_found(queries.render(unit, project, render_id), "render")


def remove(unit: WriteUnit, project_uid: UUID, render_id: UUID) -> None:
    """Delete a render, with its data and the segments that no other film shows."""
    render = get(unit, project_uid, render_id)
    unit.record("render.deleted", render.subject)
    unit.invalidate(f"film:{render.slug}")
    unit.session.delete(render)
    unit.session.flush()
    forget_films(unit, [render.slug])


def forget_films(unit: WriteUnit, slugs: list[str]) -> None:
    """Remove what is rendered for films that are no more, unless another film shows it."""
    for start in range(0, len(slugs), FILMS_AT_ONCE):
        digests = queries.delete_uses(unit.session, slugs[start : start + FILMS_AT_ONCE])
        files = queries.delete_unused(unit.session, digests)
        if files:
            unit.defer(remove_segments, files)


def reencrypt(unit: WriteUnit, cipher: SecretCipher, after: UUID | None) -> list[UUID]:
    """Encrypt the data of the next renders with the first key; return their ids."""
    unit.principal.require(Permission.ORGANIZATIONS_WRITE)
    found = queries.renders_after(unit, after, RENDERS_AT_ONCE)
    for render in found:
        render.data = cipher.reencrypt(render.data)
    return [render.id for render in found]


def _project(unit: ReadUnit, project_uid: UUID) -> Project:
    # A render credential may do nothing with its project but this, not even read it.
    unit.principal.require(Permission.RENDERS_WRITE)
    return require_found(project_queries.by_uid(unit, project_uid), "project")


def _base(unit: ReadUnit, project: Project, channel: Channel) -> FilmBase:
    base = queries.newest_base(unit.session, project.id, channel)
    if base is not None:
        return base
    if queries.holds_template(unit.session, project.id, channel):
        raise Conflict("The film of this channel's template is not processed yet: try again soon.")
    raise Conflict("This channel holds no template: publish one to it.")
