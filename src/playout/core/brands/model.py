"""The table of brands."""

from enum import StrEnum
from hashlib import sha256
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.database.engine import Model
from playout.kit.etags import etag_of

NAME_LENGTH = 80
FOOTER_LENGTH = 200
CONSENT_LENGTH = 500
COLOR, ACCENT = "#15171c", "#bd2f18"
"""The colours of a project without a brand of its own."""


class Font(StrEnum):
    """A bundled stack of fonts. Nothing is loaded: every system has one of each stack."""

    SANS = "sans"
    HUMANIST = "humanist"
    GEOMETRIC = "geometric"
    ROUNDED = "rounded"
    SERIF = "serif"
    SLAB = "slab"


class BrandFields(TypedDict, total=False):
    """The fields of a brand that a caller may set."""

    name: str | None
    color: str
    accent: str
    font: Font
    home_url: str | None
    footer: str | None
    privacy_url: str | None
    imprint_url: str | None
    consent: str | None
    shows_playout: bool


FIELDS = tuple(BrandFields.__annotations__)


class Picture(StrEnum):
    """A picture of a brand."""

    LOGO = "logo"
    FAVICON = "favicon"


FILES = {Picture.LOGO: "logo.webp", Picture.FAVICON: "favicon.png"}
"""The file names of pictures in their addresses."""


class Brand(Model):
    """The brand of one project. A project without a row has the plain one."""

    __tablename__ = "brands"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    name: Mapped[str | None]
    """The name at the top of pages; that of the project if it is None."""
    color: Mapped[str] = mapped_column(default=COLOR)
    accent: Mapped[str] = mapped_column(default=ACCENT)
    font: Mapped[Font] = mapped_column(default=Font.SANS)
    home_url: Mapped[str | None]
    footer: Mapped[str | None]
    privacy_url: Mapped[str | None]
    imprint_url: Mapped[str | None]
    consent: Mapped[str | None]
    """The text that asks visitors whether they may be counted."""
    shows_playout: Mapped[bool] = mapped_column(default=False)
    logo: Mapped[bytes | None] = mapped_column(deferred=True)
    """A WebP."""
    logo_fingerprint: Mapped[str | None]
    favicon: Mapped[bytes | None] = mapped_column(deferred=True)
    """A PNG."""
    favicon_fingerprint: Mapped[str | None]

    def set_picture(self, picture: Picture, content: bytes | None) -> None:
        """Set a picture, or remove it."""
        setattr(self, picture, content)
        setattr(self, f"{picture}_fingerprint", _fingerprint(content))

    def fingerprint_of(self, picture: Picture) -> str | None:
        fingerprint: str | None = getattr(self, f"{picture}_fingerprint")
        return fingerprint

    def picture_path(self, project_uid: UUID, picture: Picture) -> str | None:
        """Return the path of a picture. Another picture has another path, so caches may keep it."""
        fingerprint = self.fingerprint_of(picture)
        return fingerprint and f"/brand/{project_uid}/{fingerprint}/{FILES[picture]}"

    @property
    def etag(self) -> str:
        """Return the entity tag (RFC 9110). The plain brand has one, too, as if it were stored."""
        return etag_of(self.project_id, self.audit_state())

    def audit_state(self) -> dict[str, Any]:
        """Return what the ledger compares before and after a change."""
        named = {name: getattr(self, name) for name in FIELDS}
        pictures = {each: self.fingerprint_of(each) for each in Picture}
        return {f"brand.{name}": value for name, value in (named | pictures).items()}


def plain_brand(project_id: int) -> Brand:
    """Return the brand of a project that has none of its own. It is not stored."""
    return Brand(
        project_id=project_id, color=COLOR, accent=ACCENT, font=Font.SANS, shows_playout=False
    )


def _fingerprint(content: bytes | None) -> str | None:
    return None if content is None else sha256(content).hexdigest()[:16]
