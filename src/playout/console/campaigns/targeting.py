"""Targeting: the regions and platforms of an activation, in the fields of a form."""

from collections.abc import Mapping
from typing import Any

from playout.console.texts import translated
from playout.core.distributions.campaigns import Campaign
from playout.core.distributions.regions import ALPHA_3_OF, CONTINENTS
from playout.core.distributions.settings import Platform

CONTINENT_NAMES = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
PLATFORM_NAMES = {Platform.WEB: "Web", Platform.MOBILE: "Mobile", Platform.TV: "TV"}
ALPHA_2_OF = {long: short for short, long in ALPHA_3_OF.items()}


def stored(campaign: Campaign) -> dict[str, Any]:
    """Return the values of the fields for an activation."""
    countries = sorted(ALPHA_2_OF.get(each, each) for each in campaign.regions - CONTINENTS)
    return {
        "continents": sorted(campaign.regions & CONTINENTS),
        "countries": ", ".join(countries),
        "platforms": [each for each in Platform if each in campaign.platforms],
    }


def sent(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the fields as they were typed."""
    return {
        "continents": [each for each in sorted(CONTINENTS) if form.get(f"region_{each}") == "on"],
        "countries": form.get("countries", ""),
        "platforms": [each for each in Platform if form.get(f"platform_{each}") == "on"],
    }


def changed(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the members of `targeting` that differ from what the form showed; None means all."""
    typed = sent(form)
    codes = typed["countries"].upper().replace(",", " ").split()
    regions = {*typed["continents"], *(ALPHA_3_OF.get(each, each) for each in codes)}
    members = {"regions": regions, "platforms": {str(each) for each in typed["platforms"]}}
    return {
        name: sorted(chosen) or None
        for name, chosen in members.items()
        if chosen != set(form.get(f"{name}_was", "").split())
    }


def where(campaign: Campaign) -> str:
    """Return the targeting in a few words: `Europe, US · Web, Mobile`."""
    fields = stored(campaign)
    regions = [translated(CONTINENT_NAMES[each]) for each in fields["continents"]]
    regions += [fields["countries"]] if fields["countries"] else []
    platforms = [translated(PLATFORM_NAMES[each]) for each in fields["platforms"]]
    everywhere, all_devices = translated("Everywhere"), translated("all devices")
    return f"{', '.join(regions) or everywhere} · {', '.join(platforms) or all_devices}"
