"""The texts that a film shows a viewer, for the page beside it."""

from collections.abc import Iterator, Sequence

from playout.compose.assets import NO_ASSETS, Assets
from playout.compose.lottie.document import kept_lottie, name_of
from playout.compose.manifest.elements import Element, LottieElement, TextElement
from playout.compose.manifest.fields import Values
from playout.compose.manifest.model import TemplateManifest
from playout.compose.manifest.resolve import resolve, scenes_left_out
from playout.kit.errors import Invalid


def words_of(
    manifest: TemplateManifest, values: Values, *, assets: Assets = NO_ASSETS
) -> tuple[str, ...]:
    """Return the texts that are drawn for these values, in the order of the film, each once.

    Those of a scene that the viewer does not see are left out.
    """
    gone = scenes_left_out(manifest, values)
    shown = [each for each in resolve(manifest, values) if not _is_in(each, gone)]
    shown.sort(key=lambda each: each.start)
    texts = (text.strip() for each in shown for text in _texts(each, assets))
    return tuple(dict.fromkeys(text for text in texts if text))


def _is_in(element: Element, scenes: Sequence[tuple[float, float]]) -> bool:
    return any(start <= element.start and element.end <= end for start, end in scenes)


def _texts(element: Element, assets: Assets) -> Iterator[str]:
    if isinstance(element, TextElement):
        yield element.text
    elif isinstance(element, LottieElement):
        try:
            lottie = kept_lottie(assets.get(element.asset, b""))
        except Invalid:
            return
        own, hidden = lottie.texts(), {name_of(each) for each in lottie.layers if each.get("hd")}
        for name, text in own.items():
            if name not in hidden:
                # An animation ends its lines so.
                yield element.texts.get(name, text).replace("\r", "\n").replace("\x03", "\n")
