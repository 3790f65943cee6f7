"""Language tags (BCP 47): whether a text is one, as RFC 5646 defines well-formed."""

import re

TAG = re.compile(
    r"""
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3} | [a-z]{4,8} )          # language
    (?: -[a-z]{4} )?                                            # script
    (?: -(?: [a-z]{2} | [0-9]{3} ) )?                           # region
    (?P<variants> (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )* )
    (?P<extensions> (?: -[a-wyz0-9] (?: -[a-z0-9]{2,8} )+ )* )
    (?: -x (?: -[a-z0-9]{1,8} )+ )?                             # private use
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def is_tag(text: str) -> bool:
    """Whether a text is a language tag such as `es-CL`.

    No variant and no extension stands in a tag twice (RFC 5646, 2.2.5 and 2.2.6). Tags that were
    registered whole before there were rules (`i-klingon`) are left out: all have successors.
    """
    match = TAG.fullmatch(text)
    if match is None:
        return False
    variants = match["variants"].lower().split("-")[1:]
    singletons = re.findall(r"-([a-z0-9])(?=-)", match["extensions"].lower())
    return _distinct(variants) and _distinct(singletons)


def _distinct(parts: list[str]) -> bool:
    return len(parts) == len(set(parts))


def canonical(tag: str) -> str:
    """A tag in the letters that are usual (RFC 5646, 2.1.1): `zh-Hant-TW`; it means the same."""
    first, *others = tag.lower().split("-")
    parts, alone = [first], False
    for part in others:
        usual = {2: part.upper(), 4: part.title()} if part.isalpha() and not alone else {}
        parts.append(usual.get(len(part), part))
        alone = alone or len(part) == 1
    return "-".join(parts)


def tag_of(code: str) -> str:
    """The tag of a language that a file names by three letters (ISO 639-2): `de` for `ger`."""
    # Its tables take as long to load as all of SQLAlchemy's engine; a start has no use for them.
    import langcodes  # noqa: PLC0415

    return langcodes.standardize_tag(code)


def name_of(tag: str) -> str:
    """What a language calls itself, where that is known; else the tag."""
    language, _, rest = tag.partition("-")
    name = _NAMES.get(language)
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name


_NAMES = {
    "ar": "العربية",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
