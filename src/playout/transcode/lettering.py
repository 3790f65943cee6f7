"""Letters drawn with a pen, as SVG: a title looks the same where no font is installed."""

GAP = 1.7
SPACE = 2.4
PEN = 0.62
HEIGHT = 6.0

# The width of each letter, and the path of the pen. y runs from 0 at the top to 6 at the bottom.
_GLYPHS: dict[str, tuple[float, str]] = {
    "A": (4.4, "M0 6L2.2 0L4.4 6M.8 4H3.6"),
    "B": (3.9, "M0 3H2.2C4.2 3 4.2 0 2.2 0H0V6H2.3C4.5 6 4.5 3 2.3 3"),
    "C": (4.2, "M4.2 1.3C3-.5 0-.5 0 3C0 6.5 3 6.5 4.2 4.7"),
    "D": (4.2, "M0 0V6H1.4C5.1 6 5.1 0 1.4 0Z"),
    "E": (3.4, "M3.4 0H0V6H3.4M0 3H2.9"),
    "F": (3.3, "M3.3 0H0V6M0 3H2.8"),
    "G": (4.4, "M4.2 1.3C3-.5 0-.5 0 3C0 6.8 4.4 6.8 4.4 3.3H2.6"),
    "H": (4.0, "M0 0V6M4 0V6M0 3H4"),
    "I": (0.0, "M0 0V6"),
    "J": (2.8, "M2.8 0V4.3C2.8 6.5 0 6.5 0 4.5"),
    "K": (3.8, "M0 0V6M3.7 0L0 3.6M1.3 2.4L3.8 6"),
    "L": (3.2, "M0 0V6H3.2"),
    "M": (5.0, "M0 6V0L2.5 4L5 0V6"),
    "N": (4.1, "M0 6V0L4.1 6V0"),
    "O": (5.0, "M2.5 0C-.83 0-.83 6 2.5 6C5.83 6 5.83 0 2.5 0Z"),
    "P": (3.7, "M0 6V0H2C4.3 0 4.3 3.4 2 3.4H0"),
    "Q": (5.0, "M2.5 0C-.83 0-.83 6 2.5 6C5.83 6 5.83 0 2.5 0ZM3.1 4.3L4.9 6.2"),
    "R": (3.8, "M0 6V0H2C4.3 0 4.3 3.3 2 3.3H0M1.9 3.3L3.8 6"),
    "S": (3.8, "M3.6 1C2.8-.4 .2-.4 .2 1.5C.2 3.5 3.8 2.5 3.8 4.5C3.8 6.4 .8 6.4 0 4.9"),
    "T": (4.2, "M0 0H4.2M2.1 0V6"),
    "U": (4.2, "M0 0V3.6C0 6.8 4.2 6.8 4.2 3.6V0"),
    "V": (4.4, "M0 0L2.2 6L4.4 0"),
    "W": (6.2, "M0 0L1.55 6L3.1 .8L4.65 6L6.2 0"),
    "X": (4.0, "M0 0L4 6M4 0L0 6"),
    "Y": (4.4, "M0 0L2.2 3.1L4.4 0M2.2 3.1V6"),
    "Z": (3.8, "M0 0H3.8L0 6H3.8"),
    "0": (4.0, "M2 0C-.66 0-.66 6 2 6C4.66 6 4.66 0 2 0Z"),
    "1": (1.4, "M0 1.2L1.4 0V6"),
    "2": (3.8, "M0 1.5C.2-.5 3.8-.5 3.8 1.6C3.8 3 1.5 4 0 6H3.8"),
    "3": (3.7, "M.1 0H3.4L1.7 2.3C4.5 2.3 4.3 6 1.8 6C.8 6 .2 5.4 0 4.8"),
    "4": (4.0, "M3 6V0L0 4.3H4"),
    "5": (3.7, "M3.3 0H.5L.2 2.7C1.4 1.7 3.7 2.1 3.7 4C3.7 6.4 .7 6.5 0 5"),
    "6": (3.8, "M3.2 0C-4 7.9 3.8 7.5 3.8 4.1C3.8 1.6 .6 1.7 .1 3.9"),
    "7": (3.7, "M0 0H3.7L1.2 6"),
    "8": (3.8, "M1.9 2.8C-.2 2.8-.1 0 1.9 0S4 2.8 1.9 2.8C-.7 2.8-.5 6 1.9 6S4.5 2.8 1.9 2.8Z"),
    "9": (3.8, "M.6 6C7.8-1.9 0-1.5 0 1.9C0 4.4 3.2 4.3 3.7 2.1"),
    "-": (2.4, "M0 3.2H2.4"),
    ".": (0.0, "M0 5.95V6"),
    "!": (0.0, "M0 0V4M0 5.95V6"),
}  # fmt: skip


def svg_of_text(text: str, max_width: int, max_height: int) -> str:
    """Return an SVG image of `text` in white capitals on a transparent ground.

    The image is as large as the given pixels allow. A character without a glyph becomes a space,
    and the text never becomes markup.
    """
    x, strokes = PEN / 2, []
    for letter in text.upper():
        width, path = _GLYPHS.get(letter, (SPACE - GAP, ""))
        if path:
            strokes.append(f'<path transform="translate({x:.2f} {PEN / 2:.2f})" d="{path}"/>')
        x += width + GAP
    width, height = max(x - GAP + PEN / 2, 1.0), HEIGHT + PEN
    scale = min(max_width / width, max_height / height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}"'
        f' width="{width * scale:.0f}" height="{height * scale:.0f}">'
        f'<g fill="none" stroke="#fff" stroke-width="{PEN}"'
        f' stroke-linecap="round" stroke-linejoin="round">{"".join(strokes)}</g></svg>'
    )
