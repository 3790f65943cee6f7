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
