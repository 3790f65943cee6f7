"""The `Accept` header of a request (RFC 9110)."""

HTML = frozenset({"text/html", "application/xhtml+xml"})
ANY = frozenset({"*/*", "text/*"})


def accepts_html(header: str) -> bool:
    """Return True for a client that accepts HTML.

    Libraries send `application/json, */*`: a client that names JSON, and not HTML, wants JSON.
    """
    accepted = {
        media_type for media_type, is_refused in map(_item, header.split(",")) if not is_refused
    }
    names_json = any(each.endswith(("/json", "+json")) for each in accepted)
    return bool(accepted & HTML) or (bool(accepted & ANY) and not names_json)


def _item(text: str) -> tuple[str, bool]:
    """Return a media type, and whether its weight is 0."""
    media_type, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [part.removeprefix("q=") for part in parameters if part.startswith("q=")]
    return media_type, any(weight and not weight.strip("0.") for weight in weights)
