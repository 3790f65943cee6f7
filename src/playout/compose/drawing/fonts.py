"""The fonts that texts are drawn with: bundled ones for most scripts, and those of a template."""

import functools
import importlib.util
import re
from collections.abc import Mapping
from pathlib import Path

import skia

from playout.compose.assets import Assets, is_font
from playout.compose.manifest.parts import Font

_MOST_COLLECTIONS = 8
_WEIGHT = int.from_bytes(b"wght", "big")
_EMOJI = "Noto Emoji"
_EMOJI_SELECTOR = "\ufe0f"
_INVISIBLE = {0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, *range(0x2066, 0x206A), 0xFEFF}
_INVISIBLE |= set(range(0xFE00, 0xFE10))
"""Characters without a glyph of their own: a font need not have them."""
_SPACES = " \u2066\u2067\u2068\u2069"
_BY_LANGUAGE: Mapping[str, str] = {
    "ja": "Noto Sans CJK JP",
    "ko": "Noto Sans CJK KR",
    "zh-Hant": "Noto Sans CJK TC",
    "zh-TW": "Noto Sans CJK TC",
    "zh-HK": "Noto Sans CJK TC",
}
_HAN = {*_BY_LANGUAGE.values(), "Noto Sans CJK SC"}
_TELLING = (
    (re.compile("[\u3040-\u30ff]"), "Noto Sans CJK JP"),
    (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), "Noto Sans CJK KR"),
)


class Face:
    """One font file, or one font of a collection, as Skia reads it."""

    def __init__(self, typeface: skia.Typeface) -> None:
        self.typeface = typeface
        self.family: str = typeface.getFamilyName()
        self.is_italic: bool = typeface.isItalic()
        self.weight: int = typeface.fontStyle().weight()
        axes = {each.tag: each for each in typeface.getVariationDesignParameters()}
        self._axis = axes.get(_WEIGHT)
        self._covers: dict[int, bool] = {}

    @property
    def is_variable(self) -> bool:
        return self._axis is not None

    def covers(self, character: int) -> bool:
        known = self._covers.get(character)
        if known is None:
            if len(self._covers) > 20_000:
                self._covers.clear()
            known = bool(self.typeface.unicharToGlyph(character))
            self._covers[character] = known
        return known

    def has(self, letter: str) -> bool:
        """Return whether it has the glyphs of a letter and its marks."""
        return all(self.covers(code) for code in map(ord, letter) if code not in _INVISIBLE)

    def at_weight(self, weight: int) -> skia.Typeface:
        """Return the typeface with strokes as heavy as it can have, up to `weight`."""
        if self._axis is None:
            return self.typeface
        position = skia.FontArguments.VariationPosition
        nearest = min(max(weight, self._axis.min), self._axis.max)
        # Skia copies none of them: they must live until the clone is made.
        coordinates = position.Coordinates([position.Coordinate(_WEIGHT, nearest)])
        place = position(coordinates)
        arguments = skia.FontArguments()
        arguments.setVariationDesignPosition(place)
        return self.typeface.makeClone(arguments)


class Fonts:
    """The faces that a template may use, in the order in which a missing letter is looked for."""

    def __init__(self, own: list[Face]) -> None:
        self._faces = [*own, *bundled_faces()]
        self._provider = skia.textlayout.TypefaceFontProvider()
        self._registered: dict[str, skia.Typeface] = {}
        self.collection = skia.textlayout.FontCollection()
        self.collection.setDefaultFontManager(self._provider)

    @property
    def families(self) -> set[str]:
        return {each.family for each in self._faces}

    def order(self, font: Font, han: str) -> list[Face]:
        """Return the faces for a text, best first. `han` is the family of its Han characters."""

        def distance(face: Face) -> tuple[bool, int]:
            return face.is_italic != font.italic, abs(face.weight - font.weight)

        asked = [each for each in self._faces if each.family == font.family]
        others = [each for each in self._faces if each.family != font.family]
        upright = [each for each in others if not each.is_italic]
        upright.sort(key=lambda face: face.family in _HAN and face.family != han)
        return [*sorted(asked, key=distance), *upright]

    def register(self, face: Face, weight: int) -> str:
        """Return the name under which layout finds a face at a weight."""
        name = f"{face.family}/{face.typeface.uniqueID()}/{weight if face.is_variable else 0}"
        if name not in self._registered:
            typeface = face.at_weight(weight)
            self._registered[name] = typeface
            self._provider.registerTypeface(typeface, name)
        return name


def face_for(letter: str, faces: list[Face], current: Face | None) -> Face:
    """Return the face for a letter with its marks: the first one that has it.

    A space and a direction stay with the face before them, `current`; but emoji are wide.
    """
    stays = current and current.family != _EMOJI and not letter.strip(_SPACES)
    if current and stays and current.has(letter):
        return current
    if _EMOJI_SELECTOR in letter:
        faces = sorted(faces, key=lambda each: each.family != _EMOJI)
    return next((each for each in faces if each.has(letter)), faces[0])


def fonts_of(assets: Assets) -> Fonts:
    """Return the bundled fonts and those among a template's assets."""
    return _fonts(tuple(assets[name] for name in sorted(assets) if is_font(name)))


def own_faces(content: bytes) -> list[Face]:
    """Return the face of a font file, or nothing if it is not a font."""
    typeface = skia.Typeface.MakeFromData(skia.Data.MakeWithCopy(content))
    return [Face(typeface)] if typeface and typeface.countGlyphs() else []


@functools.lru_cache(maxsize=_MOST_COLLECTIONS)
def _fonts(contents: tuple[bytes, ...]) -> Fonts:
    return Fonts([face for content in contents for face in own_faces(content)])


@functools.cache
def bundled_faces() -> list[Face]:
    """Return the bundled faces: Noto Sans, its siblings for other scripts, and emoji last."""
    files = sorted(_folder("manimgx_fonts").glob("*.ttf"), key=_bundled_rank)
    faces = [Face(skia.Typeface.MakeFromFile(str(file))) for file in files]
    han = str(_folder("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc")
    collection = [Face(skia.Typeface.MakeFromFile(han, at)) for at in range(4)]
    emoji = [each for each in faces if each.family == _EMOJI]
    return [each for each in faces if each.family != _EMOJI] + collection + emoji


def _bundled_rank(file: Path) -> tuple[bool, str]:
    return not file.name.startswith("NotoSans["), file.name


def _folder(package: str) -> Path:
    """Return the folder of a package of fonts, without running any of it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"The fonts of {package} are not installed.")
    return Path(spec.origin).parent


def han_family(text: str, language: str) -> str:
    """Return the family for the Han characters of a text: its language writes them in its own way.

    Kana and Hangul tell it. For a text without, it is the `language` of the template.
    """
    for pattern, family in _TELLING:
        if pattern.search(text):
            return family
    found = _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language.partition("-")[0])
    return found or "Noto Sans CJK SC"
