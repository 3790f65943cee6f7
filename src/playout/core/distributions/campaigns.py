"""The rules of campaigns: whether a production plays for a viewer, at a time, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playout.core.distributions.regions import regions_of
from playout.core.distributions.schedule import ActivationStatus, Schedule
from playout.core.distributions.settings import Platform
from playout.kit.clock import rfc3339


@dataclass(frozen=True, slots=True)
class Viewer:
    """The facts of a viewer that campaigns ask for."""

    country: str | None
    """Two letters (ISO 3166-1); None when it is not known."""
    platform: Platform


@dataclass(frozen=True, slots=True)
class Campaign:
    """The time, the regions and the platforms of an activation; empty ones mean all."""

    schedule: Schedule
    regions: frozenset[str]
    platforms: frozenset[str]

    @classmethod
    def parse(cls, settings: Mapping[str, Any]) -> "Campaign":
        """Return the campaign of an activation with these settings, which were checked before."""
        targeting = settings.get("targeting") or {}
        return cls(
            Schedule.parse(settings),
            frozenset(targeting.get("regions") or ()),
            frozenset(targeting.get("platforms") or ()),
        )

    def admits(self, viewer: Viewer, now: datetime) -> bool:
        return not self.reasons_against(viewer, now)

    def reasons_against(self, viewer: Viewer, now: datetime) -> list[str]:
        """Return a sentence for each rule by which the viewer may not watch; none if they may."""
        reasons = (self._time(now), self._region(viewer.country), self._platform(viewer.platform))
        return [reason for reason in reasons if reason is not None]

    def _time(self, now: datetime) -> str | None:
        match self.schedule.status(now):
            case ActivationStatus.SCHEDULED if self.schedule.start:
                return f"It begins at {rfc3339(self.schedule.start, 'seconds')}."
            case ActivationStatus.ENDED if self.schedule.end:
                return f"It ended at {rfc3339(self.schedule.end, 'seconds')}."
        return None

    def _region(self, country: str | None) -> str | None:
        if not self.regions or (country and self.regions & regions_of(country)):
            return None
        where = ", ".join(sorted(self.regions))
        if country is None:
            return f"It plays only in {where}, and the region of the viewer is not known."
        return f"It plays only in {where}, and not in {country}."

    def _platform(self, platform: Platform) -> str | None:
        if not self.platforms or platform in self.platforms:
            return None
        return f"It plays only on {', '.join(sorted(self.platforms))}, and not on {platform}."


def admit(campaigns: Sequence[Campaign], viewer: Viewer, now: datetime) -> bool:
    """Return whether a production with these campaigns plays for the viewer.

    One campaign that admits the viewer is enough. Without campaigns, it plays for everybody.
    """
    return not campaigns or any(each.admits(viewer, now) for each in campaigns)
