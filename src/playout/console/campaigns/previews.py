"""Preview as: what a viewer would get, at a time, in a region, on a platform, and why."""

from typing import Any

from playout.console.campaigns.targeting import PLATFORM_NAMES
from playout.console.fields import moment
from playout.console.render import field_moment
from playout.console.visit import Visit
from playout.core.distributions.campaigns import Viewer
from playout.core.distributions.preview import preview_production
from playout.core.distributions.regions import ALPHA_2
from playout.core.distributions.settings import Platform
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid


def values(unit: ReadUnit, visit: Visit) -> dict[str, Any]:
    """Return the answer for the viewer that the address names; now, if it names no time."""
    query, wrong, at = visit.query, None, None
    try:
        at = moment(query, "at")
    except Invalid as error:
        wrong = error.details["at"]
    region, platform = query.get("region", ""), query.get("platform", "")
    viewer = Viewer(
        region if region in ALPHA_2 else None,
        Platform(platform) if platform in set(Platform) else Platform.WEB,
    )
    found = preview_production(unit, visit.number("production"), viewer, at)
    return {
        "found": found,
        "wrong": wrong,
        "at": field_moment(found.at),
        "is_asked": bool({"at", "region", "platform"} & set(query)),
        "regions": sorted(ALPHA_2),
        "platforms": PLATFORM_NAMES,
        "admitting": [activation for activation, reasons in found.answers if not reasons],
    }
