"""Tracks: each rendition is one fragmented MP4 with one track, which HLS and DASH both play."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playout.transcode.encode.ladder import SEGMENT_SECONDS, Rung
from playout.transcode.errors import MediaRejected
from playout.transcode.inspect.fragments import Fragments, read_fragments
from playout.transcode.inspect.probe import Probe
from playout.transcode.names import AUDIO, AUDIO_COPY, VIDEO_COPY, TrackKind
from playout.transcode.sandbox.run import Finished, run
from playout.transcode.sandbox.tools import Tools

_FRAGMENTED = "cmaf+dash+global_sidx+delay_moov+skip_trailer"
# Places, names and devices in a file are nobody's business; the language is.
_NOTHING_ELSE = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")


@dataclass(frozen=True, slots=True)
class Track:
    """A rendition in a local file."""

    kind: TrackKind
    name: str
    file: Path
    fragments: Fragments
    width: int | None = None
    """Pixels as displayed."""
    height: int | None = None
    fps: float | None = None
    channels: int | None = None
    language: str | None = None


def rung_track(file: Path, rung: Rung) -> Track:
    """The picture in that file, encoded as a rung of the ladder."""
    parts = read_fragments(file)
    return Track(TrackKind.VIDEO, rung.name, file, parts, rung.width, rung.height, float(rung.fps))


def copy_track(file: Path, before: Probe) -> Track:
    """The picture in that file, as the source has it."""
    video = before.video
    return Track(
        TrackKind.VIDEO,
        VIDEO_COPY,
        file,
        read_fragments(file),
        video.width,
        video.height,
        video.fps,
    )


def audio_track(file: Path, name: str, channels: int, probe: Probe) -> Track:
    """The sound in that file."""
    fragments = read_fragments(file)
    return Track(TrackKind.AUDIO, name, file, fragments, channels=channels, language=probe.language)


def stored_track(file: Path, name: str, language: str | None) -> Track:
    """A track that was stored before, brought back to be joined with another."""
    kind = TrackKind.AUDIO if name in {AUDIO, AUDIO_COPY} else TrackKind.VIDEO
    return Track(kind, name, file, read_fragments(file), language=language)


def duration_of(tracks: Sequence[Track]) -> int:
    """Milliseconds, at least 1, until the last of them ends."""
    parts = [track.fragments for track in tracks]
    return max(1, *(round((each.start / each.timescale + each.seconds) * 1000) for each in parts))


def fragmented(
    file: Path, *, keyed: bool, late: bool = False, least: Fraction | int = 0
) -> list[str]:
    """Options that write one track to `file` in fragments: at key frames, or every two seconds.

    `least` is how many seconds a fragment between key frames lasts. What starts `late` says so in
    its times, since players leave out gaps that an edit list describes.
    """
    flags = _FRAGMENTED + ("+frag_keyframe" if keyed else "") + ("+frag_discont" if late else "")
    cut = "-min_frag_duration" if keyed else "-frag_duration"
    seconds = least if keyed else SEGMENT_SECONDS
    return [
        *(*_NOTHING_ELSE, "-max_muxing_queue_size", "4096", "-movflags", flags),
        *(cut, str(round(seconds * 1_000_000)), "-f", "mp4", "-y", f"file:{file}"),
    ]


def progressive(file: Path) -> list[str]:
    """Options that write one MP4 to `file`, whose index stands before the pictures."""
    return [
        *(*_NOTHING_ELSE, "-max_muxing_queue_size", "4096", "-movflags", "+faststart"),
        *("-f", "mp4", "-y", f"file:{file}"),
    ]


def run_on(
    source: Path,
    folder: Path,
    command: Sequence[str],
    tools: Tools,
    *,
    on_line: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> None:
    """Have ffmpeg make tracks of `source` in `folder`. Raises `MediaRejected`, saying why."""
    done = run(
        command,
        tools.confinement(tools.limits.wall_seconds),
        folder=folder,
        readable=[tools.ffmpeg, source],
        on_line=on_line,
        cancelled=cancelled,
    )
    if done.returncode != 0:
        raise rejected(done)


def check_duration(before: Probe, track: Track) -> None:
    """A result much shorter or longer than declared means that frames were lost or invented.

    Both the whole file and its picture declare a length, and the picture may be the shorter one.
    """
    made, whole = track.fragments.seconds, before.duration_ms / 1000
    own = whole if before.video.duration_ms is None else before.video.duration_ms / 1000
    if before.is_cut_short or _is_about(made, whole) or _is_about(made, own):
        return
    raise MediaRejected(
        f"This video says that it lasts {own:.1f} seconds, but "
        f"{made:.1f} seconds can be played: the file is damaged."
    )


def _is_about(made: float, declared: float) -> bool:
    return abs(made - declared) <= max(1.0, declared / 20)


def rejected(done: Finished) -> MediaRejected:
    if "File too large" in done.stderr:
        reason = "This video would take more room than Playout allows for one file."
    elif "Cannot allocate memory" in done.stderr:
        reason = "This video needs more memory than Playout allows for one file."
    else:
        reason = "Playout cannot convert this video: the file is damaged."
    error = MediaRejected(reason)
    error.add_note(done.stderr)
    return error
