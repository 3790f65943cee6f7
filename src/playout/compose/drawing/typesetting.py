"""One line of letters: which face each of them has, how wide it is, and how it is drawn."""

import functools

import skia

from playout.compose.drawing.fonts import Face, Fonts, face_for, han_family
from playout.compose.drawing.letters import letters_of
from playout.compose.manifest.parts import Font

_BOUNDLESS = 1e6
_REFERENCE = 100.0


class Typesetter:
    """Sets the lines of one text. Not for several threads at once."""

    def __init__(self, font: Font, fonts: Fonts, text: str, language: str) -> None:
        self._font = font
        self._fonts = fonts
        self._faces = fonts.order(font, han_family(text, language))
        self._plain = skia.Paint(AntiAlias=True)
        self._width = functools.lru_cache(maxsize=10_000)(self._measured)

    @functools.cached_property
    def ascent(self) -> float:
        """The height of a line above its baseline, as a share of the size."""
        metrics = skia.Font(self._faces[0].typeface, _REFERENCE).getMetrics()
        up, down = -metrics.fAscent, metrics.fDescent
        return float(0.5 + (up - down) / 2 / _REFERENCE)

    def width(self, line: str, size: float) -> float:
        """Return the width of a line."""
        return self._width(line) * size / _REFERENCE

    def paragraph(self, line: str, size: float, pen: skia.Paint) -> skia.textlayout.Paragraph:
        """Return a line that is laid out. `pen` draws its letters."""
        plain = skia.textlayout.ParagraphStyle()
        builder = skia.textlayout.ParagraphBuilder.make(plain, self._fonts.collection, _unicode())
        for face, letters in self.runs(line):
            builder.pushStyle(self._style(face, size, pen))
            builder.addText(letters)
            builder.pop()
        paragraph = builder.Build()
        paragraph.layout(_BOUNDLESS)
        return paragraph

    def runs(self, line: str) -> list[tuple[Face, str]]:
        """Return the parts of a line that have one face each."""
        runs: list[tuple[Face, str]] = []
        for letter in letters_of(line):
            current = runs[-1][0] if runs else None
            face = face_for(letter, self._faces, current)
            if face is current:
                runs[-1] = face, runs[-1][1] + letter
            else:
                runs.append((face, letter))
        return runs

    def missing(self, text: str) -> list[str]:
        """Return the letters of a text that no face has."""
        return [
            letter
            for face, run in self.runs(text)
            for letter in letters_of(run)
            if letter.strip() and not face.has(letter)
        ]

    def _measured(self, line: str) -> float:
        return float(self.paragraph(line, _REFERENCE, self._plain).LongestLine)

    def _style(self, face: Face, size: float, pen: skia.Paint) -> skia.textlayout.TextStyle:
        style = skia.textlayout.TextStyle()
        style.setFontFamilies([self._fonts.register(face, self._font.weight)])
        style.setFontSize(size)
        style.setForegroundPaint(pen)
        # A variable face has its weight already. Of another one, Skia makes the letters bolder.
        weight = 400 if face.is_variable else self._font.weight
        slant = skia.FontStyle.kItalic_Slant if self._font.italic else skia.FontStyle.kUpright_Slant
        style.setFontStyle(skia.FontStyle(weight, skia.FontStyle.kNormal_Width, slant))
        return style


@functools.cache
def _unicode() -> skia.Unicode:
    return skia.Unicodes.ICU.Make()
