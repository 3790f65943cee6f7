"""XML documents whose texts people wrote: every one is well-formed, whatever they wrote."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLOSERS = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
"""The characters that begin a text direction, and that which ends each of them."""

for _prefix, _namespace in (("dc", DC), ("media", MEDIA), ("video", VIDEO), ("atom", ATOM)):
    register_namespace(_prefix, _namespace)


def clean(text: str) -> str:
    """Return a text without characters that XML cannot hold.

    A text direction that is begun in it ends with its line: the text of others stays readable.
    """
    return "\n".join(map(_closed, _NOT_XML.sub("", text).split("\n")))


def add(
    parent: Element,
    name: str,
    text: str | None = None,
    attributes: Mapping[str, object] | None = None,
) -> Element:
    """Add an element to its parent; it has no attribute whose value is None."""
    known = {
        key: clean(str(value)) for key, value in (attributes or {}).items() if value is not None
    }
    element = SubElement(parent, name, known)
    element.text = None if text is None else clean(text)
    return element


def document(root: Element, namespace: str | None = None) -> bytes:
    """Return a document in UTF-8. `namespace` is the one whose names have no prefix."""
    written: bytes = tostring(
        root, encoding="utf-8", xml_declaration=True, default_namespace=namespace
    )
    return written


def _closed(line: str) -> str:
    if line.isascii():
        return line
    open_: list[str] = []
    for character in line:
        if character in _CLOSERS:
            open_.append(_CLOSERS[character])
        elif open_ and character == open_[-1]:
            open_.pop()
    return line + "".join(reversed(open_))
