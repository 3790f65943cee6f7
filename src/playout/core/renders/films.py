"""The films that play: those of renders and recipients, and of shares with data of their own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.orm import Session

from playout.compose.layers import digest_at, touched_ranges
from playout.compose.manifest.data import check_data
from playout.compose.manifest.fields import Value
from playout.compose.manifest.model import TemplateManifest
from playout.compose.manifest.resolve import scenes_left_out
from playout.compose.rendering.pool import Template
from playout.compose.words import words_of
from playout.core.film_templates.model import FilmTemplate
from playout.core.playback.grants import share_holder
from playout.core.processing.scratch import job_folder
from playout.core.projects.model import ProjectStatus
from playout.core.recipients import queries as recipients
from playout.core.recipients.private import decrypted
from playout.core.renders import queries
from playout.core.renders.layout import BaseLayout, LeftOut, RenditionLayout, layout_from_json
from playout.core.renders.model import FilmBase
from playout.core.renders.resources import Resources
from playout.core.shares import queries as shares
from playout.core.unit import project_key
from playout.kit.cache import Cache
from playout.kit.clock import utcnow
from playout.kit.errors import Invalid
from playout.kit.ids import RANDOM_SLUG
from playout.transcode.personal.cuts import touched_by

_FILMS, _TEMPLATES, _LAYOUTS = 5_000, 16, 64
_PURPOSE = "rendered_segment"


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """The file of a rendered segment."""

    key: str
    size: int


@dataclass(frozen=True, eq=False)
class Film:
    """The film of one viewer, with all that its segments are made from."""

    slug: str
    """The slug of the render or the share, or the code of the recipient. In addresses the seal of
    the password follows."""
    organization_id: int
    version: UUID
    """The id of its base, which is in its addresses."""
    folder: str
    """The key of the folder of the base's files."""
    layout: BaseLayout
    template: Template
    manifest: TemplateManifest
    # Personal: no traceback may show it.
    data: Mapping[str, Any] = field(repr=False)
    values: Mapping[str, Value | None] = field(repr=False)
    expires_at: datetime | None
    touched: frozenset[int]
    """The numbers of the segments that are drawn over for this viewer."""
    left_out: LeftOut
    kept: dict[tuple[str, int], StoredSegment] = field(default_factory=dict)
    """Segments that are known to be stored, by rendition and number."""

    @property
    def bare_slug(self) -> str:
        """Return the slug, or the code, alone."""
        return self.slug.partition("-")[0]

    @property
    def words(self) -> tuple[str, ...]:
        """Return the texts that are drawn for this viewer. They are personal."""
        return words_of(self.manifest, self.values, assets=self.template.assets)

    def plays(self, now: datetime) -> bool:
        """Return whether it has not expired."""
        return self.expires_at is None or now < self.expires_at

    def shows(self, rendition: RenditionLayout, number: int) -> str:
        """Return a text that is the same for all who see the same in a segment."""
        pictures, place = rendition.pictures, self.layout.place(rendition, number)
        size = pictures.width, pictures.height
        layers = [
            digest_at(
                self.manifest,
                self.values,
                float((place.first_frame + frame) / pictures.fps),
                *size,
                assets=self.template.assets,
            )
            for frame in range(place.frames)
        ]
        return json.dumps([str(self.version), rendition.name, number, layers])


class Films:
    """The films that play, in memory as long as nothing about them changes."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._films: Cache[Film] = Cache(resources.invalidations, _FILMS)
        self._templates: LRUCache[UUID, tuple[TemplateManifest, Template]] = LRUCache(_TEMPLATES)
        self._layouts: LRUCache[UUID, BaseLayout] = LRUCache(_LAYOUTS)

    def cached(self, slug: str) -> Film | None:
        """Return the film if it is in memory, without asking the database."""
        return self._films.get(f"film:{slug}")

    def load(self, slug: str) -> Film | None:
        """Return the film of the render, share or recipient with that slug; None if none plays.

        The slug of a recipient is the code. `-` and a seal follow it: that of the address of the
        share. If the share has a password, the seal of that password is a part of it, or follows
        the slug of the share.
        """
        bare, _, seal = slug.partition("-")
        if not re.fullmatch(RANDOM_SLUG, bare):
            return None
        generation = self._films.generation
        with self._resources.database.read_session() as session:
            found = (
                self._of_render(session, slug)
                or self._of_share(session, bare, seal)
                or self._of_recipient(session, bare, seal)
            )
        if found is None:
            return None
        film, project_id = found
        self._films.put(f"film:{slug}", film, generation, project_key(project_id))
        return film

    def digest(self, film: Film, rendition: RenditionLayout, number: int) -> str:
        """Return the digest of a rendered segment. Nobody can guess a name from it."""
        shown = film.shows(rendition, number)
        return self._resources.signer.digest(_PURPOSE, shown).hex()

    def _of_render(self, session: Session, slug: str) -> tuple[Film, int] | None:
        row = queries.by_slug(session, slug)
        if row is None:
            return None
        render, project, base, credential = row
        is_revoked = credential is not None and credential.revoked_at is not None
        if is_revoked or project.status is ProjectStatus.ARCHIVED:
            return None
        data = json.loads(self._resources.cipher.decrypt(render.data))
        return self._film(slug, base, data, render.expires_at), project.id

    def _of_share(self, session: Session, slug: str, seal: str) -> tuple[Film, int] | None:
        row = shares.by_slug(session, slug)
        if row is None:
            return None
        share, project, credential = row
        base = queries.newest_base(session, project.id, share.channel)
        serves = share.serves(project, credential, utcnow()) and share.seal == seal
        if base is None or not serves:
            return None
        name, data = share_holder(slug, seal), share.personalization_data or {}
        try:
            return self._film(name, base, data, share.expires_at), project.id
        except Invalid:
            return None  # it plays the plain film

    def _of_recipient(self, session: Session, code: str, seal: str) -> tuple[Film, int] | None:
        now = utcnow()
        row = recipients.by_code(session, code)
        if row is None or not row[0].admits(now):
            return None
        recipient, share, project, credential = row
        base = queries.newest_base(session, project.id, share.channel)
        serves = share.serves(project, credential, now) and share.address_seal == seal
        if base is None or not serves:
            return None
        data = decrypted(self._resources.cipher, recipient.secret).data
        ends = (each for each in (recipient.expires_at, share.expires_at) if each is not None)
        try:
            return self._film(share_holder(code, seal), base, data, min(ends)), project.id
        except Invalid:
            return None  # a later template has other fields: it plays the plain film

    def _film(
        self, slug: str, base: FilmBase, data: Mapping[str, Any], expires_at: datetime | None
    ) -> Film:
        manifest, template = self._template(base.template)
        layout = self._layout(base)
        values = check_data(manifest, data, frozenset(template.assets))
        left_out = layout.left_out(scenes_left_out(manifest, values))
        touched = touched_by(layout.segments(), touched_ranges(manifest, values))
        return Film(
            slug=slug,
            organization_id=base.template.organization_id,
            version=base.id,
            folder=base.folder or "",
            layout=layout,
            template=template,
            manifest=manifest,
            data=data,
            values=values,
            expires_at=expires_at,
            touched=frozenset(touched) - left_out.pictures,
            left_out=left_out,
        )

    def _template(self, template: FilmTemplate) -> tuple[TemplateManifest, Template]:
        found = self._templates.get(template.id)
        if found is None:
            assets = {each["name"]: self._read(each["key"]) for each in template.assets}
            manifest = template.parsed()
            found = manifest, Template(str(template.id), template.manifest, assets)
            self._templates[template.id] = found
        return found

    def _layout(self, base: FilmBase) -> BaseLayout:
        found = self._layouts.get(base.id)
        if found is None:
            found = self._layouts[base.id] = layout_from_json(base.layout or {})
        return found

    def _read(self, key: str) -> bytes:
        with job_folder(self._resources.job_folders) as folder:
            target = Path(folder) / "asset"
            self._resources.storage.fetch(key, target)
            return target.read_bytes()
