"""The JSON of the brand of a workspace."""

from typing import Annotated, cast

from pydantic import BaseModel, Field, StrictBool, StringConstraints
from typing_extensions import TypedDict

from playout.api.types import NFC, NOT_BLANK, UriOut, Url, example
from playout.api.videos.schemas.types import LEFT_OUT, document_only
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
from playout.core.projects.model import Project

Color = Annotated[
    str, Field(pattern="^#[0-9a-fA-F]{6}$", description="Six hexadecimal digits: #0d4f4a")
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH),
    NOT_BLANK,
    NFC,
]
Footer = Annotated[str, StringConstraints(max_length=FOOTER_LENGTH), NFC]
Consent = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=CONSENT_LENGTH),
    NOT_BLANK,
    NFC,
]


class BrandPatch(BaseModel):
    """Fields of a brand to change. A field that is left out stays as it is."""

    model_config = example(
        name="Corvanta Bank",
        color="#0d4f4a",
        accent="#f2b544",
        footer="Corvanta Bank, Quay 4, Lindhaven",
        privacy_url="https://corvanta.example.com/privacy",
    )

    name: Name | None = LEFT_OUT
    color: Color = LEFT_OUT
    accent: Color = LEFT_OUT
    font: Font = LEFT_OUT
    home_url: Url | None = LEFT_OUT
    footer: Footer | None = LEFT_OUT
    privacy_url: Url | None = LEFT_OUT
    imprint_url: Url | None = LEFT_OUT
    consent: Consent | None = LEFT_OUT
    shows_playout: StrictBool = LEFT_OUT

    def fields(self) -> BrandFields:
        """Return the fields that were sent. Colours are in lower case."""
        sent = self.model_dump(exclude_unset=True)
        lower = {name: sent[name].lower() for name in ("color", "accent") if name in sent}
        return cast("BrandFields", sent | lower)


@document_only
class ContrastOut(TypedDict):
    """Contrasts as WCAG 2.2 computes them. 4.5 is enough for text."""

    color_on_light: Annotated[float, Field(description="Of `color` itself on the light page")]
    color_on_dark: Annotated[float, Field(description="Of `color` itself on the dark page")]
    text_on_accent: Annotated[float, Field(description="Of the text of the button")]


@document_only
class BrandOut(TypedDict):
    """The brand of a workspace. Its landing pages show it."""

    workspace: int
    name: str | None
    color: str
    accent: str
    font: Font
    home_url: UriOut | None
    footer: str | None
    privacy_url: UriOut | None
    imprint_url: UriOut | None
    consent: str | None
    shows_playout: bool
    logo_url: UriOut | None
    favicon_url: UriOut | None
    contrast: ContrastOut
    shown_colors: Annotated[
        list[str],
        Field(
            description="Three colours: `color` on light pages, `color` on dark pages (each darker"
            " or lighter if it would not be readable), and the text of the button"
        ),
    ]


def brand_out(project: Project, brand: Brand, base_url: str) -> BrandOut:
    """Return the JSON of a brand."""
    look = look_of(brand)
    return {
        "workspace": project.id,
        "name": brand.name,
        "color": brand.color,
        "accent": brand.accent,
        "font": brand.font,
        "home_url": brand.home_url,
        "footer": brand.footer,
        "privacy_url": brand.privacy_url,
        "imprint_url": brand.imprint_url,
        "consent": brand.consent,
        "shows_playout": brand.shows_playout,
        "logo_url": _picture_url(project, brand, Picture.LOGO, base_url),
        "favicon_url": _picture_url(project, brand, Picture.FAVICON, base_url),
        "contrast": {
            "color_on_light": look.color_on_light,
            "color_on_dark": look.color_on_dark,
            "text_on_accent": look.text_on_accent,
        },
        "shown_colors": [look.light, look.dark, look.on_accent],
    }


def _picture_url(project: Project, brand: Brand, picture: Picture, base_url: str) -> str | None:
    path = brand.picture_path(project.uid, picture)
    return None if path is None else f"{base_url}{path}"
