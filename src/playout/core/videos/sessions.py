"""Sessions: videos as the Publications API names them."""

from playout.core.permissions import Permission
from playout.core.unit import ReadUnit
from playout.core.videos import queries
from playout.core.videos.model import Video
from playout.kit.errors import Forbidden, require_found


def get(unit: ReadUnit, session_id: str) -> Video:
    """Return the video of a session that the caller may see.

    Raise `NotFound`, and `Forbidden` for the session of another account.
    """
    unit.principal.require(Permission.VIDEOS_READ)
    place = require_found(queries.place_of_session(unit, session_id), "session")
    if not unit.principal.owns(place.organization_id, place.project_id, place.sub_account_id):
        raise Forbidden("The session does not belong to this account.")
    return require_found(queries.by_id(unit, place.id), "session")
