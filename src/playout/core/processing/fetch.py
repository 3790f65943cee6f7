"""A source that is not in storage yet: fetched from its address, or assembled of sections."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playout.core.media.model import Asset, Stage
from playout.core.processing.resources import Resources
from playout.kit.errors import TooLarge
from playout.kit.outbound.address_guard import Refused
from playout.kit.storage.store import Received
from playout.transcode.encode.assembly import Piece, assemble
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_sound
from playout.transcode.inspect.probe import probe


@dataclass(frozen=True, slots=True)
class Bringing:
    """Brings it to a local file. `watch` is called with each chunk, and may raise to stop it."""

    resources: Resources
    watch: Callable[[], None]
    note: Callable[[Stage, float], None]

    def bring(self, asset: Asset, target: Path) -> Received:
        """Raises `Refused`, `TooLarge`, `MediaRejected`."""
        if asset.sections is not None:
            return self._merge(asset.sections, target)
        return self._fetch(asset.source_url or "", self.resources.settings.max_upload_bytes, target)

    def _fetch(self, url: str, most: int, target: Path) -> Received:
        size, digest, timeout = 0, hashlib.sha256(), self.resources.settings.fetch_timeout
        download = self.resources.outbound.download(url, most, timeout)
        with download as chunks, target.open("wb") as file:
            for chunk in chunks:
                self.watch()
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return Received(size, digest.hexdigest())

    def _merge(self, sections: Sequence[Mapping[str, Any]], target: Path) -> Received:
        """All sections together may have as many bytes as any source."""
        settings, tools = self.resources.settings, self.resources.tools
        pieces, left, out = [], settings.max_upload_bytes, target.with_name("merged") / "merged.mp4"
        out.parent.mkdir()
        for number, section in enumerate(sections):
            file, narration = target.with_name(f"section{number}"), None
            with _about(section):
                left -= self._fetch(section["url"], left, file).size
                found = probe(file, tools)
                if found.is_cut_short:
                    raise MediaRejected("The end of the file is missing.")
                if found.audio is None and section.get("audio_url"):
                    heard = target.with_name(f"section{number}-audio")
                    left -= self._fetch(section["audio_url"], left, heard).size
                    narration = probe_sound(heard, tools)
            pieces.append(Piece(file, found, narration))
        assemble(
            pieces,
            out,
            tools,
            preset=settings.encoder_preset,
            on_progress=lambda done: self.note(Stage.ENCODING, done),
            cancelled=self.resources.stopping.is_set,
        )
        out.rename(target)
        with target.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256")
        return Received(target.stat().st_size, digest.hexdigest())


@contextmanager
def _about(section: Mapping[str, Any]) -> Iterator[None]:
    """Has what is wrong with a section's file name the section."""
    try:
        yield
    except (MediaRejected, Refused, TooLarge) as error:
        raise MediaRejected(f"Section {section['order']}: {error.message}") from error
