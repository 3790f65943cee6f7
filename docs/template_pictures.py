"""Draw the pictures of templates.md: `python -m docs.template_pictures`."""

from pathlib import Path

import skia

from playout.compose.drawing.sheet import draw_sheet
from playout.compose.layers import Layer, Values, layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import TemplateManifest, read_manifest

WIDTH, HEIGHT = 960, 540
FOLDER = Path(__file__).parent / "images" / "templates"
FIELDS = {
    "name": {"type": "text", "maxLength": 200, "required": True},
    "saved": {"type": "currency", "currency": "EUR"},
    "since": {"type": "date"},
    "portrait": {"type": "image"},
}
TIME = {"start": 1.0, "end": 5.0}
PANEL = {
    **{"id": "panel", "type": "shape", "fill": "#0f1f33e0", "radius": 0.12, **TIME},
    **{"x": 0.06, "y": 0.54, "width": 0.62, "height": 0.36},
    "shadow": {"dy": 0.01, "blur": 0.03},
    "enter": {"kind": "fade", "seconds": 0.5},
}
GREETING = {
    **{"id": "greeting", "type": "text", "size": 0.1, "font": {"weight": 700}, **TIME},
    **{"x": 0.1, "y": 0.57, "width": 0.54, "height": 0.17, "shrinkTo": 0.4},
    **{"verticalAlign": "middle", "enter": {"kind": "slideLeft", "seconds": 0.8, "distance": 0.2}},
}
FIGURES = {
    **{"id": "figures", "type": "text", "size": 0.06, "color": "#ffd166", **TIME},
    **{"x": 0.1, "y": 0.74, "width": 0.54, "height": 0.14, "verticalAlign": "middle"},
    "shrinkTo": 0.5,
}
PORTRAIT = {
    **{"id": "portrait", "type": "image", "asset": "{{portrait}}", **TIME},
    **{"x": 0.84, "y": 0.72, "width": 0.18, "height": 0.32, "anchor": "center"},
    **{"fit": "cover", "radius": 0.5},
}
BADGE = {
    **{"id": "badge", "type": "text", "text": "GOLD", "size": 0.14, "color": "#ffd166", **TIME},
    **{"x": 0.95, "y": 0.06, "width": 0.4, "height": 0.2, "anchor": "topRight", "align": "right"},
    **{"font": {"weight": 700, "italic": True}, "stroke": {"color": "#5b3a00", "width": 0.01}},
    "shadow": {"dx": 0.004, "dy": 0.012, "blur": 0.016},
}
WORDS = {
    "en": ("Welcome, {{name}}!", "Saved so far: {{saved}}\nsince {{since}}"),
    "ar": ("أهلاً {{name}}", "وفّرت {{saved}}\nمنذ {{since}}"),
    "he": ("שלום {{name}}", "חסכת {{saved}}\nמאז {{since}}"),
    "hi": ("नमस्ते {{name}}", "आपकी बचत: {{saved}}\n{{since}} से"),
    "th": ("สวัสดี {{name}}", "ประหยัดแล้ว {{saved}}\nตั้งแต่ {{since}}"),
    "zh": ("欢迎，{{name}}！", "已为您节省 {{saved}}\n自 {{since}} 起"),
    "ja": ("{{name}}さん、ようこそ", "これまでの節約額：{{saved}}\n{{since}}から"),
    "el": ("Καλώς ήρθες, {{name}}", "Γλίτωσες {{saved}}\nαπό {{since}}"),
}
PICTURES: dict[str, tuple[str, str, float]] = {
    "english": ("en", "Ada Lovelace", 2),
    "arabic": ("ar", "محمد علي ٣٤", 2),
    "hebrew": ("he", "שרה 45 כהן", 2),
    "hindi": ("hi", "आदित्य श्रीवास्तव", 2),
    "thai": ("th", "กิ่งแก้ว ใจดี", 2),
    "chinese": ("zh", "龍應臺", 2),
    "japanese": ("ja", "田中さくら", 2),
    "greek": ("el", "Ελένη Παπαδοπούλου", 2),
    "emoji": ("en", "Mia ❤️ 👩‍👩‍👧‍👦 👍🏽", 2),
    "marks": ("en", "Z\u0323\u0302oe\u0308 Nguyễn Ṣẹ́gun", 2),
    "long": ("en", "Wolfeschlegelsteinhausenbergerdorff von Hohenlohe-Schillingsfürst", 2),
    "hostile": ("en", "%{pts} '; {{saved}} <b>../../etc", 2),
    "entering": ("en", "Ada Lovelace", 1.25),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (language, person, t) in PICTURES.items():
        picture = over_film(layer(language, person, t))
        picture.save(str(FOLDER / f"{name}.webp"), skia.kWEBP, 75)
    sheet().save(str(FOLDER / "sheet.webp"), skia.kWEBP, 75)


def sheet() -> skia.Image:
    manifest, values = template("en", "Ada Lovelace")
    moments = [(t, over_film(None)) for t in (1.25, 1.5, 3.0)]
    return draw_sheet(manifest, values, moments, 3, {"face.png": face()})


def layer(language: str, person: str, t: float) -> Layer | None:
    manifest, values = template(language, person)
    return layer_at(manifest, values, t, WIDTH, HEIGHT, assets={"face.png": face()})


def template(language: str, person: str) -> tuple[TemplateManifest, Values]:
    greeting, figures = WORDS[language]
    texts = [{**GREETING, "text": greeting}, {**FIGURES, "text": figures}]
    elements = [PANEL, PORTRAIT, BADGE, *texts]
    content = {"version": 1, "language": language, "fields": FIELDS, "elements": elements}
    data = {"name": person, "saved": 1234.5, "since": "2026-03-01", "portrait": "face.png"}
    manifest = read_manifest(content)
    return manifest, check_data(manifest, data, frozenset({"face.png"}))


def over_film(layer: Layer | None) -> skia.Image:
    surface = skia.Surface.MakeRasterN32Premul(WIDTH, HEIGHT)
    canvas = surface.getCanvas()
    colors = [skia.Color(244, 162, 97), skia.Color(42, 157, 143), skia.Color(38, 70, 83)]
    sky = skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(WIDTH, HEIGHT)], colors)
    canvas.drawPaint(skia.Paint(Shader=sky))
    for at in range(7):
        hill = skia.Paint(AntiAlias=True, Color=skia.ColorSetARGB(60, 20, 50 + 20 * at, 60))
        canvas.drawCircle(WIDTH * at / 6, HEIGHT * 1.1, HEIGHT * 0.45, hill)
    if layer:
        x, y, width, height = layer.box
        size = skia.ISize(width, height)
        picture = skia.Image.frombytes(
            layer.rgba, size, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType
        )
        canvas.drawImage(picture, x, y)
    return surface.makeImageSnapshot()


def face() -> bytes:
    surface = skia.Surface.MakeRasterN32Premul(300, 400)
    canvas = surface.getCanvas()
    canvas.clear(skia.Color(233, 196, 106))
    canvas.drawOval(skia.Rect.MakeXYWH(20, 260, 260, 300), skia.Paint(Color=0xFF264653))
    canvas.drawCircle(150, 170, 90, skia.Paint(AntiAlias=True, Color=0xFFF1C9A5))
    for x in (118, 182):
        canvas.drawCircle(x, 160, 9, skia.Paint(AntiAlias=True, Color=0xFF264653))
    smile = skia.Paint(AntiAlias=True, Color=0xFF264653, StrokeWidth=7)
    smile.setStyle(skia.Paint.kStroke_Style)
    canvas.drawArc(skia.Rect.MakeXYWH(105, 150, 90, 70), 20, 140, False, smile)
    return bytes(surface.makeImageSnapshot().encodeToData(skia.kPNG, 100))


if __name__ == "__main__":
    main()
