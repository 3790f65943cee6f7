"""Settings: JSON objects of the caller, of which Playout understands some members."""

import json
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from playout.core.distributions.regions import REGIONS
from playout.core.distributions.schedule import Schedule
from playout.kit.errors import Invalid
from playout.kit.json_merge_patch import json_merge_patch

SETTINGS_BYTES = 64 * 1024
"""The limit of the JSON of settings. Without it, patches could make settings grow for ever."""

Settings = Mapping[str, Any]


class Format(StrEnum):
    """The format in which a distribution is packaged."""

    HLS = "HLS"
    DASH = "DASH"
    MP4 = "MP4"


class Quality(StrEnum):
    """The height of the largest rendition of a distribution; all of them when it is adaptive."""

    ADAPTIVE = "adaptive"
    P1080 = "1080p"
    P720 = "720p"
    P480 = "480p"


class Platform(StrEnum):
    """A kind of device on which an activation plays."""

    WEB = "web"
    MOBILE = "mobile"
    TV = "tv"


def patched(settings: Settings, patch: Settings) -> dict[str, Any]:
    """Return the settings with a merge patch (RFC 7396) applied. Raise as `bounded` does."""
    return bounded(json_merge_patch(settings, patch))


def bounded(settings: Settings) -> dict[str, Any]:
    """Return a copy of the settings. Raise `Invalid` when they are too long to keep."""
    if len(json.dumps(settings, ensure_ascii=False).encode()) > SETTINGS_BYTES:
        raise _invalid("settings", f"Their JSON may have {SETTINGS_BYTES:,} bytes at the most.")
    return dict(settings)


def check_distribution(settings: Settings) -> None:
    """Raise `Invalid` for an unknown format or quality."""
    _check_choice("settings.format", settings.get("format"), list(Format))
    _check_choice("settings.quality", settings.get("quality"), list(Quality))


def check_activation(settings: Settings) -> None:
    """Raise `Invalid` for a wrong date, and for an unknown region or platform."""
    Schedule.parse(settings)
    targeting = settings.get("targeting")
    if targeting is None:
        return
    if not isinstance(targeting, dict):
        raise _invalid("settings.targeting", "It must be an object.")
    _check_choices("settings.targeting.regions", targeting.get("regions"), REGIONS)
    _check_choices("settings.targeting.platforms", targeting.get("platforms"), list(Platform))


def _check_choices(field: str, chosen: Any, choices: Collection[str]) -> None:
    if chosen is None:
        return
    if not isinstance(chosen, list):
        raise _invalid(field, "It must be an array.")
    for index, each in enumerate(chosen):
        if each is None:
            raise _invalid(f"{field}[{index}]", "It must be a text.")
        _check_choice(f"{field}[{index}]", each, choices)


def _check_choice(field: str, chosen: Any, choices: Collection[str]) -> None:
    if chosen is None or (isinstance(chosen, str) and chosen in choices):
        return
    known = f"one of {', '.join(choices)}" if len(choices) < 10 else "a continent or a country"
    raise _invalid(field, f"It must be {known}.")


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", {field: message})
