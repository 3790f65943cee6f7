"""A manifest with the data of one viewer: what is drawn, with no field and no condition left."""

import re

from playout.compose.manifest.conditions import parse_condition
from playout.compose.manifest.elements import Element, ImageElement, LottieElement, TextElement
from playout.compose.manifest.fields import Values
from playout.compose.manifest.formats import written
from playout.compose.manifest.model import BINDING, TemplateManifest, image_field


def resolve(manifest: TemplateManifest, values: Values) -> list[Element]:
    """Return the elements that are drawn for these values, in the order of drawing.

    `values` come from `check_data`. An element whose condition does not hold is left out, and so is
    one whose text or picture is missing.
    """
    resolved = []
    for element in manifest.elements:
        if element.when is not None and not parse_condition(element.when).holds(values):
            continue
        filled = _filled(element, manifest, values)
        if filled is not None:
            resolved.append(filled)
    return resolved


def scenes_left_out(manifest: TemplateManifest, values: Values) -> list[tuple[float, float]]:
    """Return the seconds in which scenes begin and end that the film of these values leaves out."""
    return [
        (scene.start, scene.end)
        for scene in manifest.scenes
        if not parse_condition(scene.when).holds(values)
    ]


def _filled(element: Element, manifest: TemplateManifest, values: Values) -> Element | None:
    def filled(text: str) -> str:
        return BINDING.sub(value_of, text)

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        return written(manifest.fields[name], values.get(name), manifest.language)

    if isinstance(element, TextElement):
        text = filled(element.text)
        return element.model_copy(update={"text": text, "when": None}) if text.strip() else None
    if isinstance(element, LottieElement):
        texts = {name: filled(text) for name, text in element.texts.items()}
        return element.model_copy(update={"texts": texts, "when": None})
    if isinstance(element, ImageElement):
        field = image_field(element)
        asset = element.asset if field is None else values.get(field)
        return element.model_copy(update={"asset": asset, "when": None}) if asset else None
    return element.model_copy(update={"when": None})
