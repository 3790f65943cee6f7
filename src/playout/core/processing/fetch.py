"""Fetch a source that is not stored yet: from its URL, or assembled from sections."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playout.core.media.model import Asset, SectionFile, Stage
from playout.core.processing.resources import Resources
from playout.kit.errors import TooLarge
from playout.kit.outbound.address_guard import OutboundError
from playout.kit.storage.store import StoredContent
from playout.transcode.encode.assembly import Clip, assemble
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.audio_probe import probe_audio
from playout.transcode.inspect.probe import probe


@dataclass(frozen=True, slots=True)
class SourceFetcher:
    """A fetcher of sources into local files.

    `check_claim` is called with each chunk and may raise to stop the download. `report` gets the
    stage and the share of it that is done, from 0 to 1.
    """

    resources: Resources
    check_claim: Callable[[], None]
    report: Callable[[Stage, float], None]

    def fetch(self, asset: Asset, target: Path) -> StoredContent:
        """Store the source of an asset at `target`.

        Raise `OutboundError`, `TooLarge` or `MediaRejected`.
        """
        if asset.sections is not None:
            return self._assemble(asset.sections, target)
        limit = self.resources.settings.max_upload_bytes
        return self._download(asset.source_url or "", limit, target)

    def _download(self, url: str, limit: int, target: Path) -> StoredContent:
        size, digest, timeout = 0, hashlib.sha256(), self.resources.settings.fetch_timeout
        download = self.resources.outbound.download(url, limit, timeout)
        with download as chunks, target.open("wb") as file:
            for chunk in chunks:
                self.check_claim()
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return StoredContent(size, digest.hexdigest())

    def _assemble(self, sections: Sequence[SectionFile], target: Path) -> StoredContent:
        settings, tools = self.resources.settings, self.resources.tools
        out = target.with_name("assembled") / "assembled.mp4"
        out.parent.mkdir()
        assemble(
            self._clips(sections, target),
            out,
            tools,
            preset=settings.encoder_preset,
            on_progress=lambda done: self.report(Stage.ENCODING, done),
            cancelled=self.resources.stopping.is_set,
        )
        out.rename(target)
        with target.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256")
        return StoredContent(target.stat().st_size, digest.hexdigest())

    def _clips(self, sections: Sequence[SectionFile], target: Path) -> list[Clip]:
        """Fetch the files of all sections. Together they may be as large as any source."""
        clips, room = [], self.resources.settings.max_upload_bytes
        tools, stopping = self.resources.tools, self.resources.stopping.is_set
        for number, section in enumerate(sections):
            file, narration = target.with_name(f"section{number}"), None
            with _section_named(section):
                room -= self._copy(section, room, file)
                found = probe(file, tools, cancelled=stopping)
                if found.is_truncated:
                    raise MediaRejected("The end of the file is missing.")
                audio_url = section.get("audio_url")
                if found.audio is None and audio_url:
                    audio_file = target.with_name(f"section{number}-audio")
                    room -= self._download(audio_url, room, audio_file).size
                    narration = probe_audio(audio_file, tools, cancelled=stopping)
            clips.append(Clip(file, found, narration))
        return clips

    def _copy(self, section: SectionFile, room: int, target: Path) -> int:
        """Store the video of a section at `target`. Return its bytes."""
        key = section.get("key")
        if key is None:
            return self._download(section["url"], room, target).size
        self.resources.storage.fetch(key, target)
        size = target.stat().st_size
        if size > room:
            raise TooLarge("The files are too large together.")
        return size


@contextmanager
def _section_named(section: SectionFile) -> Iterator[None]:
    """Name the section in an error about one of its files."""
    try:
        yield
    except (MediaRejected, OutboundError, TooLarge) as error:
        raise MediaRejected(f"Section {section['order']}: {error.message}") from error
