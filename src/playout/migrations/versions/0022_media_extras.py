"""Notes, chapters, embedded captions, more audio tracks, and HDR."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    chapters: sa.Column[Any] = sa.Column(
        "chapters", postgresql.JSONB(), server_default="[]", nullable=False
    )
    notes: sa.Column[Any] = sa.Column(
        "notes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
    )
    origin: sa.Column[str] = sa.Column(
        "origin",
        _one_of("captionorigin", "uploaded", "embedded"),
        server_default="uploaded",
        nullable=False,
    )
    purpose = _one_of("audiopurpose", "commentary", "descriptions")
    op.add_column("assets", chapters)
    op.add_column("assets", notes)
    op.add_column("videos", sa.Column("chapters", postgresql.JSONB(), nullable=True))
    op.add_column("captions", origin)
    op.add_column("renditions", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("renditions", sa.Column("purpose", purpose, nullable=True))
    op.add_column(
        "renditions",
        sa.Column("video_range", _one_of("videorange", "PQ", "HLG"), nullable=True),
    )
