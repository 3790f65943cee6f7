"""Remove from the storage what no row names, and what belongs to videos deleted long ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from playout.core.maintenance import references
from playout.core.maintenance.references import FindReferenced
from playout.core.maintenance.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.storage.listing import ListedFile, delete_files, list_files

MIN_AGE = timedelta(days=7)
"""The row of a younger file may be about to be written: the file may still be coming in, or a job
may still work on it. An object store says when a file began to come in, not when it was whole."""

FOLDERS: Mapping[str, FindReferenced] = {
    "media": references.packages,
    "sources": references.sources,
    "uploads": references.parts,
    "templates": references.film_templates,
    "films": references.film_bases,
    "renders": references.rendered_segments,
}

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Removed:
    """The number of files that were removed, and their bytes."""

    files: int = 0
    bytes: int = 0


def collect_garbage(resources: Resources) -> dict[str, Removed]:
    """Look at every file in the storage, a page at a time; return what was removed by folder."""
    now, removed = utcnow(), {folder: Removed() for folder in FOLDERS}
    deleted_before = now - timedelta(days=resources.settings.trash_days)
    for folder, find_referenced in FOLDERS.items():
        for page in list_files(resources.storage, folder):
            if resources.stopping.is_set():
                return removed
            old = {each.key: each for each in page if each.modified < now - MIN_AGE}
            _collect(resources, find_referenced, old, deleted_before, removed[folder])
        log.info(
            "storage.garbage_collected",
            folder=folder,
            files=removed[folder].files,
            bytes=removed[folder].bytes,
        )
    return removed


def _collect(
    resources: Resources,
    find_referenced: FindReferenced,
    old: Mapping[str, ListedFile],
    deleted_before: datetime,
    removed: Removed,
) -> None:
    with resources.database.write_session() as session:
        garbage = sorted(old.keys() - find_referenced(session, old, deleted_before))
        # Rows first: if the process dies between the two, no row names a file that is not there.
        references.clear_references(session, garbage)
    delete_files(resources.storage, garbage)
    removed.files += len(garbage)
    removed.bytes += sum(old[key].size for key in garbage)
