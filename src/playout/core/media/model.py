"""The tables of assets and renditions: everything that plays, and its source."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from sqlalchemy import (
    Enum,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from playout.kit.database.engine import Model
from playout.kit.errors import Conflict
from playout.transcode.names import MP4, AudioPurpose, TrackKind, VideoRange


class AssetState(StrEnum):
    """The state of an asset on its way to something that plays."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Stage(StrEnum):
    """The stages, in this order, of the work on an asset."""

    FETCHING = "fetching"
    PROBING = "probing"
    ENCODING = "encoding"
    STORING = "storing"


class LadderState(StrEnum):
    """The state of the renditions of an asset that plays already."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class SectionFile(TypedDict):
    """The files of a section: its video, and the sound for a video that has none.

    The video is at `url`, or it is the stored source with that `key`.
    """

    order: int
    url: NotRequired[str]
    key: NotRequired[str]
    audio_url: NotRequired[str | None]


class Chapter(TypedDict):
    """A part of a video, from its beginning to that of the next."""

    start: float
    """Seconds from the beginning of the video."""
    title: str


class LostClaim(Conflict):
    """Another worker has claimed the asset. The result of this one is refused."""


class Asset(Model):
    """A source and the package made from it.

    A worker claims an asset, works without a transaction, and finishes only while it still holds
    the claim. Each claim writes into a folder of its own. In the end `version` names that folder,
    and nothing is written there again: so nobody sees the half-finished work of a worker.

    An asset that is ready plays. Then a worker makes its ladder, under a claim of its own. That
    adds renditions, and never removes anything that plays already.
    """

    __tablename__ = "assets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    source_key: Mapped[str | None]
    source_url: Mapped[str | None]
    sections: Mapped[list[SectionFile] | None] = mapped_column(JSONB(none_as_null=True))
    """The files that the source is assembled from, in order."""
    source_size: Mapped[int | None]
    source_sha256: Mapped[str | None]
    version: Mapped[UUID | None]
    state: Mapped[AssetState] = mapped_column(default=AssetState.WAITING)
    stage: Mapped[Stage | None]
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Per cent, 0 to 100."""
    claim: Mapped[UUID | None]
    reason: Mapped[str | None]
    duration_ms: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    mp4_size: Mapped[int | None]
    poster_size: Mapped[int | None]
    mp4_version: Mapped[UUID | None]
    """The folder of an MP4 that is better than the first one; None if there is none."""
    loudness: Mapped[float | None] = mapped_column(Float)
    """Integrated loudness in LUFS (EBU R 128); None until it is measured, and for silence."""
    ladder: Mapped[LadderState | None]
    """None while there are no renditions."""
    ladder_claim: Mapped[UUID | None]
    ladder_progress: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """Per cent, 0 to 100."""
    ladder_reason: Mapped[str | None]
    probe: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    """The facts of its source, as `core/processing/probes.py` writes them; None if there are none
    yet."""
    pictures_version: Mapped[UUID | None]
    """The folder of its pictures; None until they are made."""
    storyboard: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The fields of a `Storyboard`."""
    has_preview: Mapped[bool] = mapped_column(default=False, server_default="false")
    chapters: Mapped[list[Chapter]] = mapped_column(JSONB, default=list, server_default="[]")
    """The chapters that its source contains."""
    notes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    """Sentences that say what of its source was changed or left out."""
    replaces_at_once: Mapped[bool] = mapped_column(default=False, server_default="false")
    """True if the files of the asset that plays before it end when this one plays."""
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def has_source(self) -> bool:
        """Return whether its source is stored, or can be fetched or assembled.

        An asset without one belongs to an upload whose parts are still to be joined.
        """
        return bool(self.source_key or self.source_url or self.sections)

    @property
    def needs_assembly(self) -> bool:
        """Return whether its sections are still to be joined into one source."""
        return self.sections is not None and self.source_key is None

    @property
    def ladder_pending(self) -> bool:
        """Return whether there are renditions to come."""
        return self.ladder in (LadderState.WAITING, LadderState.WORKING)

    def claim_by(self, claim: UUID) -> None:
        """Let a worker begin. A worker that worked on it before has lost its claim."""
        if self.state in (AssetState.READY, AssetState.FAILED):
            raise LostClaim("The asset is finished already.")
        self.state, self.claim, self.progress, self.stage = AssetState.WORKING, claim, 0, None

    def finish(self, claim: UUID, now: datetime) -> None:
        """Note that what makes it playable is whole and stored. The ladder comes next."""
        if self.claim != claim:
            raise LostClaim("Another worker has taken the asset over.")
        self.version, self.ladder = claim, LadderState.WAITING
        self.state, self.finished_at = AssetState.READY, now
        self.progress, self.stage, self.claim = 100, None, None

    def fail(self, reason: str, now: datetime) -> None:
        """Note that the source cannot be used; `reason` is a sentence for a person.

        The worker that works on it loses its claim, and stops.
        """
        self.state, self.finished_at, self.reason = AssetState.FAILED, now, reason
        self.stage, self.claim = None, None

    def retry(self) -> None:
        """Let a failed asset wait for a worker again."""
        self.state, self.finished_at, self.reason = AssetState.WAITING, None, None
        self.progress = 0

    def start_ladder(self, claim: UUID) -> None:
        """Let a worker begin with the ladder. A worker before it has lost its claim."""
        if not self.ladder_pending:
            raise LostClaim("The ladder is finished already.")
        self.ladder, self.ladder_claim = LadderState.WORKING, claim

    def complete_ladder(self) -> None:
        """Note that every rendition is stored."""
        self.ladder, self.ladder_claim, self.ladder_progress = LadderState.READY, None, 100

    def fail_ladder(self, reason: str) -> None:
        """Note that the ladder cannot be finished. What plays already goes on playing.

        The worker that works on it loses its claim, and stops.
        """
        self.ladder, self.ladder_claim, self.ladder_reason = LadderState.FAILED, None, reason

    def retry_ladder(self) -> None:
        """Let an unfinished ladder wait for a worker again. The renditions that it has stay."""
        self.ladder, self.ladder_reason = LadderState.WAITING, None


def version_in(folder: str) -> str:
    """Return the version that the key of a folder ends with."""
    return folder.rpartition("/")[2]


class Rendition(Model):
    """One track of an asset, in one file, that players request segment by segment.

    Its file is stored before its row is committed, and players are offered it from then on.
    Playlists and manifests are made from these rows.
    """

    __tablename__ = "renditions"
    __table_args__ = (
        UniqueConstraint("asset_id", "name"),
        Index(None, "folder", "name"),
        Index(None, "superseded_until"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"))
    folder: Mapped[str]
    """The key of the folder of its file: `media/{video}/{version}`."""
    name: Mapped[str]
    kind: Mapped[TrackKind] = mapped_column(
        Enum(
            TrackKind,
            # The name of the check constraint in the database.
            name="kind",
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        )
    )
    codecs: Mapped[str]
    """The codec as RFC 6381 spells it."""
    bandwidth: Mapped[int]
    """Bits per second of the segment with the highest bit rate."""
    average_bandwidth: Mapped[int]
    width: Mapped[int | None]
    """Pixels as displayed. None for audio, like `height` and `fps`."""
    height: Mapped[int | None]
    fps: Mapped[float | None] = mapped_column(Float)
    channels: Mapped[int | None]
    """None for video."""
    language: Mapped[str | None]
    """Three letters (ISO 639-2)."""
    title: Mapped[str | None]
    """The name of audio, if its source gives it one."""
    purpose: Mapped[AudioPurpose | None]
    """None for video, and for audio that is no addition to the main track."""
    video_range: Mapped[VideoRange | None]
    """None for a standard dynamic range, and for audio."""
    mp4: Mapped[bool] = mapped_column(default=False, server_default="false")
    """True if its file is the progressive MP4 of the folder, which contains its segments."""
    is_aligned: Mapped[bool] = mapped_column(default=True, server_default="true")
    """True if all rungs have, or will have, the same segments."""
    superseded_until: Mapped[datetime | None]
    """The end of the last grant with which a player may still have it; None while it is offered."""
    head_start: Mapped[int] = mapped_column(default=0, server_default="0")
    """The beginning of the initialization segment, in bytes from the beginning of the file."""
    head_end: Mapped[int]
    """The end of the initialization segment, in bytes from the beginning of the file."""
    index_end: Mapped[int]
    """The end of the segment index, where the first segment begins."""
    timescale: Mapped[int]
    start: Mapped[int]
    """The time at which the first segment is presented, in ticks."""
    duration: Mapped[float] = mapped_column(Float)
    """The duration of all segments together, in seconds."""
    segment_ticks: Mapped[list[int]] = mapped_column(ARRAY(Integer), deferred=True)
    segment_sizes: Mapped[list[int]] = mapped_column(ARRAY(Integer), deferred=True)
    segment_padding: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), deferred=True, server_default="{}"
    )
    """Bytes at the end of each segment that are of no use to its players; empty for none."""
    key_sizes: Mapped[list[int]] = mapped_column(ARRAY(Integer), deferred=True, server_default="{}")
    """Bytes from the beginning of each segment to the end of its key frame; empty for audio."""
    key_bandwidth: Mapped[int | None]
    """Bits per second of the key frames alone. None for audio."""
    ready_at: Mapped[datetime]

    @property
    def file(self) -> str:
        """The key of its file."""
        return f"{self.folder}/{self.file_name}"

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return MP4 if self.mp4 else f"{self.name}.mp4"

    @property
    def version(self) -> str:
        """The last part of its folder's key."""
        return version_in(self.folder)
