"""The names under which browsers save the files of videos."""

import re
from pathlib import PurePosixPath
from urllib.parse import quote
from uuid import UUID

from playout.core.publications import queries as publications
from playout.core.shares import queries as shares
from playout.kit.database.engine import Database

NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069<>:"/\\|?*]+')
"""Characters that a file system forbids, and those that change how a name is shown."""
MAX_BYTES = 180
"""File systems allow 255 bytes for the whole name."""


def download_headers(
    database: Database, uid: UUID, share_slug: str, file_name: str
) -> dict[str, str]:
    """Return the header that saves a file of a video under the title of the video.

    Whoever came through a share sees the title of the share alone, so that title names the file.
    """
    with database.read_session() as session:
        if share_slug:
            title = shares.title(session, share_slug)
        else:
            title = publications.title(session, uid)
    return {"Content-Disposition": content_disposition(title or "", file_name)}


def content_disposition(title: str, file_name: str) -> str:
    """Return the header of a download (RFC 6266), with the suffix of the stored file.

    `filename*` (RFC 8187) has the whole title, and `filename` what ASCII can show of it.
    """
    stored = PurePosixPath(file_name)
    words = " ".join(NOT_IN_A_NAME.sub(" ", title).split()).strip(". ")
    stem = words.encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore").strip()
    name = f"{stem or stored.stem}{stored.suffix}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    # A percent sign in `filename` is read as an escape by some browsers.
    plain = plain.replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
