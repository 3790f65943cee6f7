"""Removes from the storage what no row points at, and what belongs to videos long deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from playout.core.maintenance import references as pointers
from playout.core.maintenance.references import Wanted
from playout.core.maintenance.resources import Resources
from playout.kit.clock import utcnow
from playout.kit.storage.listing import Found, inventory, remove

AGE = timedelta(days=7)
"""The row of a younger file may be about to be written: it may still be coming in, or be part of
what a job makes. An object store tells when a file began to come in, not when it was whole."""

FOLDERS: Mapping[str, Wanted] = {
    "media": pointers.packages,
    "sources": pointers.sources,
    "uploads": pointers.parts,
}

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Swept:
    """How much went."""

    files: int = 0
    bytes: int = 0


def sweep(resources: Resources) -> dict[str, Swept]:
    """Look at every file there is, a page at a time; return what went, by folder."""
    now, swept = utcnow(), {folder: Swept() for folder in FOLDERS}
    deleted_before = now - timedelta(days=resources.settings.trash_days)
    for folder, wanted in FOLDERS.items():
        for page in inventory(resources.storage, folder):
            if resources.stopping.is_set():
                return swept
            old = {each.key: each for each in page if each.modified < now - AGE}
            _sweep(resources, wanted, old, deleted_before, swept[folder])
        log.info(
            "upkeep.swept", folder=folder, files=swept[folder].files, bytes=swept[folder].bytes
        )
    return swept


def _sweep(
    resources: Resources,
    wanted: Wanted,
    old: Mapping[str, Found],
    deleted_before: datetime,
    swept: Swept,
) -> None:
    with resources.database.writing() as session:
        gone = sorted(old.keys() - wanted(session, old, deleted_before))
        # Rows first: whatever happens between the two, none points at what is not there.
        pointers.let_go(session, gone)
    remove(resources.storage, gone)
    swept.files += len(gone)
    swept.bytes += sum(old[key].size for key in gone)
