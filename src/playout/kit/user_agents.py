"""Devices, as the user agent of a browser tells them."""

import re

AGENT_LENGTH = 500
"""Characters of a user agent that are read. The time to search it grows faster than its length."""
TV = re.compile(
    r"smart-?tv|\btv\b|appletv|tvos|googletv|bravia|hbbtv|netcast|web0s|tizen.*(?:tv|sm-t)|viera"
    r"|roku|aft[a-z]|crkey|vidaa|playstation|xbox",
    re.IGNORECASE,
)
MOBILE = re.compile(r"mobi|android|iphone|ipad|ipod|tablet", re.IGNORECASE)
TABLET = re.compile(r"ipad|tablet|\bkindle\b|silk/|android(?!.*mobi)", re.IGNORECASE)

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox")),
    *(("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
"""Parts of user agents, and the browsers that send them. The first that is found counts."""
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS")),
    *(("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")),
)


def device_name(agent: str) -> str:
    """Return what people call a browser and its system: `Firefox on Linux`. "" if it is unknown."""
    agent = agent[:AGENT_LENGTH]
    browser = next((name for part, name in BROWSERS if part in agent), "")
    system = next((name for part, name in SYSTEMS if part in agent), "")
    return " on ".join(filter(None, (browser, system)))
