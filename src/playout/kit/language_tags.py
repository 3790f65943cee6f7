"""Language tags (BCP 47), as RFC 5646 defines them, and the names of languages."""

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


def is_language_tag(text: str) -> bool:
    """Return True for a well-formed language tag such as `es-CL`.

    A tag contains no variant and no extension twice (RFC 5646, 2.2.5 and 2.2.6). Grandfathered tags
    (`i-klingon`) are not accepted: all of them have successors.
    """
    match = TAG.fullmatch(text)
    if match is None:
        return False
    variants = match["variants"].lower().split("-")[1:]
    singletons = re.findall(r"-([a-z0-9])(?=-)", match["extensions"].lower())
    return _are_distinct(variants) and _are_distinct(singletons)


def _are_distinct(subtags: list[str]) -> bool:
    return len(subtags) == len(set(subtags))


def canonical_tag(tag: str) -> str:
    """Return the tag in its usual upper and lower case (RFC 5646, 2.1.1), such as `zh-Hant-TW`."""
    language, *others = tag.lower().split("-")
    subtags, after_singleton = [language], False
    for subtag in others:
        by_length = {2: subtag.upper(), 4: subtag.title()}
        has_case = subtag.isalpha() and not after_singleton
        subtags.append(by_length.get(len(subtag), subtag) if has_case else subtag)
        after_singleton = after_singleton or len(subtag) == 1
    return "-".join(subtags)


def tag_from_iso639(code: str) -> str:
    """Return the tag of a three-letter code (ISO 639-2), as files have them: `de` for `ger`."""
    # Its tables take as long to load as SQLAlchemy's engine, and are not needed to start.
    import langcodes  # noqa: PLC0415

    return langcodes.standardize_tag(code)


def iso639_from_tag(tag: str) -> str | None:
    """Return the three-letter code (ISO 639-2) of a tag, or None if it has none."""
    import langcodes  # noqa: PLC0415 - see above

    try:
        return langcodes.Language.get(tag).to_alpha3()
    except LookupError:
        return None


def native_name(tag: str) -> str:
    """Return the language's name in the language itself, if it is known; else the tag."""
    language, _, rest = tag.partition("-")
    name = _NATIVE_NAMES.get(language)
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name


_NATIVE_NAMES = {
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
