"""Preview as: what a viewer would get, at a time, in a region, on a platform, and why."""

import re
from datetime import datetime
from itertools import zip_longest
from typing import Any

from markupsafe import Markup, escape

from playout.console.campaigns import recipients
from playout.console.campaigns.targeting import PLATFORM_NAMES
from playout.console.campaigns.times import time_within
from playout.console.fields import field_moment, moment
from playout.console.texts import sentence
from playout.console.visit import Visit
from playout.core.distributions import productions
from playout.core.distributions.campaigns import Viewer
from playout.core.distributions.preview import preview_production
from playout.core.distributions.regions import ALPHA_2
from playout.core.distributions.settings import Platform
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z", re.ASCII)
"""A time in a sentence of core."""


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
    video = productions.get(unit, visit.number("production"))
    return {
        **recipients.values(unit, visit, video, found.at),
        "found": found,
        "wrong": wrong,
        "at": field_moment(found.at),
        "is_asked": bool({"at", "region", "platform", "recipient"} & set(query)),
        "regions": sorted(ALPHA_2),
        "platforms": PLATFORM_NAMES,
        "answers": [
            (each, [_said(reason) for reason in reasons]) for each, reasons in found.answers
        ],
        "admitting": [activation for activation, reasons in found.answers if not reasons],
    }


def _said(reason: str) -> Markup:
    """Return a reason in the reader's language, with its times in the reader's zone."""
    said = sentence(reason)
    times = [time_within(datetime.fromisoformat(each)) for each in MOMENT.findall(said)]
    texts = [escape(each) for each in MOMENT.split(said)]
    return Markup("").join(
        part for pair in zip_longest(texts, times, fillvalue="") for part in pair
    )
