"""Times as this API spells them."""

from datetime import datetime


def time_out(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
