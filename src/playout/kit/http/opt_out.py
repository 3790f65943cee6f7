"""Do Not Track and Global Privacy Control: browsers whose owners do not want to be counted."""

from starlette.datastructures import Headers


def opts_out(headers: Headers) -> bool:
    """Return whether a request says that nobody may count whoever sends it."""
    return "1" in {headers.get("dnt"), headers.get("sec-gpc")}
