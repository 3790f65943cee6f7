"""The brand of a project, with a preview of its landing pages while it is edited."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, cast
from uuid import UUID

from babel.numbers import format_decimal

from playout.console.fields import optional_text, web_address
from playout.console.reader import reader
from playout.console.texts import translated
from playout.console.visit import Framed, GoTo, Note, Outcome, Problem, Shown, Told, Visit
from playout.core.brands import pictures, service
from playout.core.brands.look import look_of
from playout.core.brands.model import (
    CONSENT_LENGTH,
    FOOTER_LENGTH,
    NAME_LENGTH,
    Brand,
    BrandFields,
    Font,
    Picture,
)
from playout.core.permissions import Permission
from playout.core.projects import service as projects
from playout.core.projects.channel import Channel
from playout.core.projects.model import Project
from playout.core.shares import service as shares
from playout.core.shares.model import Share
from playout.core.unit import ReadUnit
from playout.kit.colors import HEX
from playout.kit.errors import Invalid, NotFound, PlayoutError
from playout.pages.landing.brands import brand_view
from playout.pages.landing.shares import share_preview
from playout.transcode.pictures.brand_pictures import MAX_BYTES

FILE_BYTES = MAX_BYTES + 64 * 1024
"""The most bytes of the form: a picture, and what is around it."""
FONTS = {
    Font.SANS: "Plain, of the viewer’s system",
    Font.HUMANIST: "Humanist",
    Font.GEOMETRIC: "Geometric",
    Font.ROUNDED: "Rounded",
    Font.SERIF: "Serif",
    Font.SLAB: "Slab",
}
LEAST_CONTRAST = 4.5
READS = "On light pages {contrast}: it reads."
DARKER = "On light pages {contrast}: shown darker."
READS_ON_DARK = "On dark ones {contrast}: it reads."
LIGHTER = "On dark ones {contrast}: shown lighter."
WHITE = "White text on it: {contrast}."
DARK = "Dark text on it: {contrast}."


def show(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show the brand of a project, and its landing pages in it."""
    with visit.read() as unit:
        project, brand = service.get(unit, _project_id(visit, unit))
        made = {each.channel for each in shares.list_shares(unit, project.uid)[1]}
        channels = list(reversed(Channel))
        values = {
            "project": project,
            "brand": brand,
            "hints": _hints(brand),
            "fonts": FONTS,
            "pictures": {str(each): brand.picture_path(project.uid, each) for each in Picture},
            "channels": channels,
            "shown": next((each for each in channels if each in made), Channel.DEV),
            "may_change": visit.principal.may(Permission.SHARES_WRITE),
            "sent": visit.form,
            "problem": problem,
            "base_url": visit.runtime.settings.base_url,
        }
    return Shown("brand.html", values, problem.status if problem else 200)


def save(visit: Visit) -> Outcome:
    """Change the brand. All landing pages of the project change at once."""
    try:
        fields = _fields(visit.form)
        with visit.write() as unit:
            service.update(unit, _project_id(visit, unit), fields)
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit)


def preview(visit: Visit) -> Outcome:
    """Show a landing page in the brand that a form has at the moment. What is wrong is left out."""
    with visit.read() as unit:
        project, brand = service.get(unit, _project_id(visit, unit))
        shown = _unsaved(brand, visit.query)
        view = brand_view(project, shown, visit.runtime.settings.address.prefix)
        share = _share(unit, project, visit.query.get("channel", ""))
        return Framed(share_preview(visit.runtime, unit.session, share, view, visit.principal))


def hints(visit: Visit) -> Outcome:
    """Tell how the colours read that a form has at the moment."""
    with visit.read() as unit:
        _, brand = service.get(unit, _project_id(visit, unit))
        return Told(_hints(_unsaved(brand, visit.query)))


def put_picture(visit: Visit) -> Outcome:
    """Use a file as the logo or the favicon."""
    picture = _picture(visit)
    try:
        with visit.read() as unit:
            service.check_may_change(unit, _project_id(visit, unit))
        if not visit.file:
            raise Invalid("Choose a picture first: JPEG, PNG or WebP.")
        content = pictures.make(visit.runtime, picture, visit.file)
        with visit.write() as write:
            service.set_picture(write, _project_id(visit, write), picture, content)
    except NotFound:
        raise
    except PlayoutError as error:
        return show(visit, Problem.of(error))
    return _back(visit)


def remove_picture(visit: Visit) -> Outcome:
    """Remove the logo or the favicon."""
    with visit.write() as unit:
        service.set_picture(unit, _project_id(visit, unit), _picture(visit), None)
    return _back(visit)


def _hints(brand: Brand) -> dict[str, str]:
    """Return sentences about the contrasts of the colours."""
    look = look_of(brand)
    light, dark = look.color_on_light, look.color_on_dark
    on_light = READS if light >= LEAST_CONTRAST else DARKER
    on_dark = READS_ON_DARK if dark >= LEAST_CONTRAST else LIGHTER
    on_accent = WHITE if look.on_accent == "#ffffff" else DARK
    return {
        "color": f"{_contrast(on_light, light)} {_contrast(on_dark, dark)}",
        "accent": _contrast(on_accent, look.text_on_accent),
    }


def _contrast(key: str, contrast: float) -> str:
    return translated(key, contrast=format_decimal(contrast, locale=reader().locale))


def _back(visit: Visit) -> GoTo:
    return GoTo(f"/landing/{visit.path['project']}/brand", Note.BRAND_SAVED)


def _project_id(visit: Visit, unit: ReadUnit) -> int:
    try:
        return projects.get(unit, UUID(visit.path["project"])).id
    except ValueError:
        raise NotFound("There is no such project.") from None


def _picture(visit: Visit) -> Picture:
    if visit.path["picture"] not in set(Picture):
        raise NotFound("There is no such picture.")
    return Picture(visit.path["picture"])


def _color(form: Mapping[str, str], name: str) -> str:
    color = form.get(name, "").strip().lower()
    if not HEX.fullmatch(color):
        raise Invalid(f"{name}: Write a colour like #0d4f4a.", {name: "Write one like #0d4f4a."})
    return color


def _font(form: Mapping[str, str], name: str) -> Font:
    if form.get(name) not in set(Font):
        raise Invalid("font: Choose one.", {"font": "Choose one."})
    return Font(form[name])


READERS: Mapping[str, Callable[[Mapping[str, str], str], Any]] = {
    "name": partial(optional_text, most=NAME_LENGTH),
    "color": _color,
    "accent": _color,
    "font": _font,
    "home_url": web_address,
    "footer": partial(optional_text, most=FOOTER_LENGTH),
    "privacy_url": web_address,
    "imprint_url": web_address,
    "consent": partial(optional_text, most=CONSENT_LENGTH),
    "shows_playout": lambda form, name: form.get(name) == "on",
}
"""The reader of each field of the form. Each raises `Invalid`."""


def _fields(form: Mapping[str, str]) -> BrandFields:
    return cast("BrandFields", {name: read(form, name) for name, read in READERS.items()})


def _unsaved(brand: Brand, query: Mapping[str, str]) -> Brand:
    """Return a brand that is not stored, with those fields of a form that are right."""
    values: dict[str, Any] = {name: getattr(brand, name) for name in READERS}
    for name, read in READERS.items() if "font" in query else ():
        with suppress(Invalid):
            values[name] = read(query, name)
    fingerprints = {f"{each}_fingerprint": brand.fingerprint_of(each) for each in Picture}
    return Brand(project_id=brand.project_id, **values, **fingerprints)


def _share(unit: ReadUnit, project: Project, channel: str) -> Share:
    """Return the share of a channel, or one that stands for it."""
    for each in shares.list_shares(unit, project.uid)[1]:
        if each.channel == channel:
            return each
    return Share(
        project_id=project.id,
        project=project,
        channel=Channel(channel) if channel in set(Channel) else Channel.DEV,
        slug="preview",
        public_title=translated("Your title"),
        public_subtitle=translated("Your subtitle says more about it."),
        cta_label=translated("Your button"),
        cta_url="https://example.com/",
    )
