"""Use cases of channels: which template a channel holds, and which one it gets."""

from uuid import UUID

from playout.core.film_templates import queries
from playout.core.film_templates.model import FilmTemplate, FilmTemplateChannel, State
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Invalid, require_found


def list_channels(
    unit: ReadUnit, project_uid: UUID
) -> tuple[Project, dict[Channel, FilmTemplateChannel]]:
    """Return a project, and what its channels hold. Raise `NotFound`."""
    unit.principal.require(Permission.SHARES_READ)
    project = projects.get(unit, project_uid)
    return project, queries.channels(unit, project)


def publish(
    unit: WriteUnit, project_uid: UUID, channel: Channel, template_id: UUID
) -> FilmTemplateChannel:
    """Let a channel hold a template in place of the one that it has.

    Doing it again changes nothing. Raise `NotFound` for the project, `Invalid` for the template,
    and `Conflict` when the project is archived.
    """
    project = _project_for_update(unit, project_uid)
    projects.check_not_archived(project)
    template = queries.by_id(unit, project, template_id)
    if template is None:
        reason = "must be a template of this project"
        raise Invalid(f"Template id {reason}.", {"template_id": f"{reason}."})
    held = queries.channel(unit, project, channel)
    if held is not None and held.template_id == template.id:
        return held
    before = held.template_id if held else None
    if held is None:
        held = FilmTemplateChannel(project_id=project.id, channel=channel)
        unit.session.add(held)
    held.template_id = template.id
    held.published_by, held.published_at = unit.principal.name, unit.now
    changes: dict[str, list[object]] = {str(channel): [_text(before), str(template.id)]}
    if channel is Channel.PROD:
        changes["state"] = [template.state, State.PRODUCTION]
        _retire(unit, project, template)
        template.state = State.PRODUCTION
    unit.record("film_template.published", template, changes)
    return held


def unpublish(unit: WriteUnit, project_uid: UUID, channel: Channel) -> Project:
    """Take the template from a channel, whose share then plays plain film.

    A channel without one stays as it is. Raise `NotFound`.
    """
    project = _project_for_update(unit, project_uid)
    held = queries.channel(unit, project, channel)
    if held is None:
        return project
    template = require_found(queries.by_id(unit, project, held.template_id), "template")
    changes: dict[str, list[object]] = {str(channel): [str(template.id), None]}
    if channel is Channel.PROD:
        changes["state"] = [template.state, State.PREVIOUS]
        _retire(unit, project, None)
    unit.session.delete(held)
    unit.record("film_template.unpublished", template, changes)
    return project


def _retire(unit: WriteUnit, project: Project, successor: FilmTemplate | None) -> None:
    """Let the template in production be the previous one, and archive the one that was that."""
    in_production = queries.in_state(unit, project, State.PRODUCTION)
    for state, templates in (
        (State.ARCHIVED, queries.in_state(unit, project, State.PREVIOUS)),
        (State.PREVIOUS, in_production),
    ):
        for each in templates:
            if each is not successor:
                each.state = state
                unit.touch(each)


def _project_for_update(unit: WriteUnit, uid: UUID) -> Project:
    """Return the project, locked so that changes of its channels wait for each other."""
    unit.principal.require(Permission.SHARES_WRITE)
    return projects.get_for_update(unit, uid)


def _text(uid: UUID | None) -> str | None:
    return None if uid is None else str(uid)
