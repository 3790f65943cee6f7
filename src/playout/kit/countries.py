"""The country of a client: told by a trusted proxy, or looked up by its address."""

import ipaddress
import re
from pathlib import Path
from typing import Any

import maxminddb

from playout.kit.errors import Invalid

COUNTRY = re.compile("[A-Z]{2}")
UNKNOWN = frozenset({"XX", "T1"})
"""Values that proxies send for an unknown country, and for Tor."""


class Countries:
    """Looks up countries: in a file in MaxMind's format, or nowhere if there is no file.

    The country that a proxy tells comes first, since it knows the client best.
    """

    def __init__(self, database: Path | None) -> None:
        """Open the file. Raise `Invalid` if there is no such file, or it has another format."""
        self._reader: maxminddb.Reader | None = None
        if database is None:
            return
        try:
            self._reader = maxminddb.open_database(database)
        except (OSError, maxminddb.InvalidDatabaseError) as error:
            raise Invalid(
                f"The country database {database} cannot be read: {error}"
                " Name a file in MaxMind's format in PLAYOUT_COUNTRY_DATABASE."
            ) from error

    def country(self, from_proxy: str, address: str) -> str | None:
        """Return the country in two letters (ISO 3166-1), or None if it is not known.

        `from_proxy` is what a trusted proxy says, and `address` the IP address of the client.
        """
        code = from_proxy.strip().upper()
        if COUNTRY.fullmatch(code) and code not in UNKNOWN:
            return code
        return self._look_up(address)

    def _look_up(self, address: str) -> str | None:
        if self._reader is None:
            return None
        try:
            record: Any = self._reader.get(ipaddress.ip_address(address))
        except (ValueError, maxminddb.InvalidDatabaseError):
            return None
        place = record if isinstance(record, dict) else {}
        country = place.get("country") or place.get("registered_country") or {}
        return country.get("iso_code") if isinstance(country, dict) else None
